// pion's SCTP and data channels over UDP: with_pion PORT begin|wait
//
// It sends back what it receives, and does what the channel 'commands' says: { open: init } and
// { close: label }.
package main

import (
	"encoding/json"
	"fmt"
	"net"
	"os"
	"sync"

	"github.com/pion/datachannel"
	"github.com/pion/logging"
	"github.com/pion/sctp"
)

type initial struct {
	Label             string  `json:"label"`
	Protocol          string  `json:"protocol"`
	Ordered           *bool   `json:"ordered"`
	MaxRetransmits    *uint32 `json:"maxRetransmits"`
	MaxPacketLifeTime *uint32 `json:"maxPacketLifeTime"`
}

type command struct {
	Open  *initial `json:"open"`
	Close string   `json:"close"`
}

const longest = 1 << 20

var (
	logs     = logging.NewDefaultLoggerFactory()
	lock     sync.Mutex
	channels = map[string]*datachannel.DataChannel{}
)

func check(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func configOf(init *initial) *datachannel.Config {
	config := &datachannel.Config{Label: init.Label, Protocol: init.Protocol, LoggerFactory: logs}
	config.ChannelType = datachannel.ChannelTypeReliable
	if init.MaxRetransmits != nil {
		config.ChannelType = datachannel.ChannelTypePartialReliableRexmit
		config.ReliabilityParameter = *init.MaxRetransmits
	} else if init.MaxPacketLifeTime != nil {
		config.ChannelType = datachannel.ChannelTypePartialReliableTimed
		config.ReliabilityParameter = *init.MaxPacketLifeTime
	}
	if init.Ordered != nil && !*init.Ordered {
		config.ChannelType |= 0x80
	}
	return config
}

type peer struct {
	association *sctp.Association
	nextID      uint16
}

func (p *peer) obey(text []byte) {
	var order command
	check(json.Unmarshal(text, &order))
	if order.Open == nil {
		lock.Lock()
		defer lock.Unlock()
		check(channels[order.Close].Close())
		return
	}
	channel, err := datachannel.Dial(p.association, p.nextID, configOf(order.Open))
	check(err)
	p.nextID += 2
	p.serve(channel)
}

func (p *peer) serve(channel *datachannel.DataChannel) {
	lock.Lock()
	channels[channel.Label] = channel
	lock.Unlock()
	go func() {
		buffer := make([]byte, longest)
		for {
			length, isText, err := channel.ReadDataChannel(buffer)
			if err != nil {
				return
			}
			if channel.Label == "commands" {
				p.obey(buffer[:length])
			} else {
				_, err = channel.WriteDataChannel(buffer[:length], isText)
				check(err)
			}
		}
	}()
}

func main() {
	socket, err := net.Dial("udp", "127.0.0.1:"+os.Args[1])
	check(err)
	fmt.Println("port", socket.LocalAddr().(*net.UDPAddr).Port)
	config := sctp.Config{NetConn: socket, LoggerFactory: logs, MaxMessageSize: longest}
	p := &peer{}
	if os.Args[2] == "begin" {
		p.nextID = 1
		p.association, err = sctp.Client(config)
	} else {
		p.association, err = sctp.Server(config)
	}
	check(err)
	for {
		channel, err := datachannel.Accept(p.association, &datachannel.Config{LoggerFactory: logs})
		if err != nil {
			return // the association is over
		}
		p.serve(channel)
	}
}
