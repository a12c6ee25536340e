// What to paste into common firmware and programs so that a device speaks to this broker.

export interface Connection {
  host: string;
  port: number;
  username: string;
  password: string;
}

export interface Snippet {
  name: string;
  text: string;
}

export function snippetsFor({ host, port, username, password }: Connection): readonly Snippet[] {
  return [
    {
      name: 'mosquitto_pub',
      text: `mosquitto_pub -h ${host} -p ${port} -u ${username} -P ${password} \\
  -q 1 -t tracker/metrics/${username}/temperature -m 21.5`,
    },
    {
      name: 'ESPHome',
      text: `mqtt:
  broker: ${host}
  port: ${port}
  username: ${username}
  password: ${password}
  topic_prefix: ${username}
  discovery: false`,
    },
    {
      name: 'Tasmota',
      text: `Backlog MqttHost ${host}; MqttPort ${port}; MqttUser ${username}; MqttPassword ${password}; Topic ${username}`,
    },
    {
      name: 'Arduino',
      text: `#include <PubSubClient.h>
PubSubClient mqtt(network);  // your WiFiClient or EthernetClient

void setup() { mqtt.setServer("${host}", ${port}); }

void loop() {
  if (!mqtt.connected()) mqtt.connect("${username}", "${username}", "${password}");
  mqtt.loop();
  mqtt.publish("tracker/metrics/${username}/temperature", "21.5");
  delay(10000);
}`,
    },
    {
      name: 'Node-RED',
      text: `[{"id":"taylordash-broker","type":"mqtt-broker","name":"TaylorDash","broker":"${host}","port":"${port}","protocolVersion":"4","credentials":{"user":"${username}","password":"${password}"}},{"id":"taylordash-out","type":"mqtt out","name":"${username}","topic":"tracker/metrics/${username}/temperature","qos":"1","broker":"taylordash-broker","wires":[]}]`,
    },
  ];
}
