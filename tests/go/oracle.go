// Answers what Go's own library makes of a text: lines of "QUESTION BASE64" in, one line of JSON out for each.
package main

import (
	"bufio"
	"bytes"
	"crypto/tls"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"math/big"
	"net"
	"os"
	"strconv"
	"strings"
	"time"
)

func answer(question string, data []byte) interface{} {
	text := string(data)
	switch question {
	case "json":
		var value interface{}
		var fault *json.SyntaxError
		if err := json.Unmarshal(data, &value); errors.As(err, &fault) {
			return []interface{}{"syntax", fault.Offset, fault.Error()}
		} else if err != nil {
			return []interface{}{"value"}
		}
		return []interface{}{"fine", value}
	case "duration":
		if found, err := time.ParseDuration(text); err == nil {
			return strconv.FormatInt(int64(found), 10)
		}
	case "int":
		if found, err := strconv.ParseInt(text, 10, 64); err == nil {
			return strconv.FormatInt(found, 10)
		}
	case "float":
		if found, err := strconv.ParseFloat(text, 64); err == nil {
			return strconv.FormatFloat(found, 'g', -1, 64)
		}
	case "rational":
		if found, ok := new(big.Rat).SetString(text); ok {
			return found.String()
		}
	case "address":
		if found := net.ParseIP(text); found != nil {
			return found.String()
		}
	case "network":
		if _, found, err := net.ParseCIDR(text); err == nil {
			return found.String()
		}
	case "pair": // a certificate and its key, with a NUL between
		certificate, key, _ := bytes.Cut(data, []byte{0})
		_, err := tls.X509KeyPair(certificate, key)
		return err == nil
	}
	return nil
}

func main() {
	in := bufio.NewReader(os.Stdin)
	out := bufio.NewWriter(os.Stdout)
	defer out.Flush()
	for {
		line, err := in.ReadString('\n')
		if err != nil {
			return
		}
		question, text, _ := strings.Cut(strings.TrimSpace(line), " ")
		data, _ := base64.StdEncoding.DecodeString(text)
		said, err := json.Marshal(answer(question, data))
		if err != nil {
			panic(err)
		}
		fmt.Fprintf(out, "%s\n", said)
	}
}
