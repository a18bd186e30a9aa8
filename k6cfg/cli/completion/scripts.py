"""What a shell has to be told once, so that it asks k6cfg what may come next."""

from typing import Final

_BASH: Final = r"""# Completion of k6cfg for bash: eval "$(k6cfg completion bash)" in ~/.bashrc
_k6cfg() {
    local IFS=$'\x1f' line kind=
    local question=$'bash\x1f'"${COMP_WORDS[*]:1:COMP_CWORD}"
    COMPREPLY=()
    while IFS= read -r line; do
        if [[ -z $kind ]]; then kind=$line; else COMPREPLY+=("$line"); fi
    done < <(_K6CFG_COMPLETE=$question "$1" 2>/dev/null)
    if [[ $kind == files ]]; then
        compopt -o default 2>/dev/null
    fi
}
complete -F _k6cfg k6cfg
"""

_ZSH: Final = r"""#compdef k6cfg
# Completion of k6cfg for zsh: eval "$(k6cfg completion zsh)" in ~/.zshrc, after compinit;
# or keep it as _k6cfg in a folder of $fpath
_k6cfg() {
    local question=$'zsh\x1f'"${(pj:\x1f:)${(@Q)words[2,CURRENT]}}"
    local -a reply described
    reply=("${(@f)$(_K6CFG_COMPLETE=$question ${(Q)words[1]} 2>/dev/null)}")
    if [[ $reply[1] == files ]]; then
        compset -P '--*='
        _files
        return
    fi
    local line word help
    for line in "${(@)reply[2,-1]}"; do
        word=${line%%$'\t'*} help=
        [[ $line == *$'\t'* ]] && help=${line#*$'\t'}
        described+=("${word//:/\\:}${help:+:$help}")
    done
    (( $#described )) && _describe 'k6cfg' described
}
if [[ $funcstack[1] == _k6cfg ]]; then
    _k6cfg "$@"
else
    compdef _k6cfg k6cfg
fi
"""

_FISH: Final = r"""# Completion of k6cfg for fish: k6cfg completion fish > ~/.config/fish/completions/k6cfg.fish
function __k6cfg_complete
    set -l words (commandline -opc)
    set -l current (commandline -ct)
    set -lx _K6CFG_COMPLETE (string join \x1f -- fish $words[2..-1] "$current")
    set -l reply ($words[1] 2>/dev/null)
    if test "$reply[1]" = files
        __fish_complete_path "$current"
    else
        printf '%s\n' $reply[2..-1]
    end
end
complete -c k6cfg -f -a '(__k6cfg_complete)'
"""

_POWERSHELL: Final = r"""# Completion of k6cfg for PowerShell, in $PROFILE:
# k6cfg completion powershell | Out-String | Invoke-Expression
Register-ArgumentCompleter -Native -CommandName k6cfg -ScriptBlock {
    param($wordToComplete, $commandAst, $cursorPosition)
    $words = @($commandAst.CommandElements | Select-Object -Skip 1 |
        Where-Object { $_.Extent.EndOffset -lt $cursorPosition } | ForEach-Object { "$_" })
    $env:_K6CFG_COMPLETE = (@('powershell') + $words + "$wordToComplete") -join [char]31
    try { $reply = @(& "$($commandAst.CommandElements[0])" 2>$null) }
    finally { Remove-Item Env:_K6CFG_COMPLETE }
    # With no answer of ours PowerShell completes names of files.
    $reply | Select-Object -Skip 1 | ForEach-Object {
        $word, $help = $_ -split "`t", 2
        $said = if ($help) { $help } else { $word }
        [System.Management.Automation.CompletionResult]::new($word, $word, 'ParameterValue', $said)
    }
}
"""

SCRIPTS: Final = {"bash": _BASH, "zsh": _ZSH, "fish": _FISH, "powershell": _POWERSHELL}
