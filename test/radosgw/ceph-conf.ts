/** Ports on the loopback address. */
export interface Ports {
  monitor: number;
  gateway: number;
}

/**
 * The smallest Ceph that serves S3: one monitor, one store on a sparse file, one gateway, nothing kept twice, and nobody
 * asked who they are (the gateway hangs where even one of the three parties asks, or where traffic is encrypted).
 */
export const cephConf = (folder: string, fsid: string, { monitor, gateway }: Ports): string => `
[global]
fsid = ${fsid}
mon host = [v2:127.0.0.1:${monitor}]
public addr = 127.0.0.1
cluster addr = 127.0.0.1
ms bind ipv6 = false
ms mon client mode = crc
auth cluster required = none
auth service required = none
auth client required = none
auth allow insecure global id reclaim = false
run dir = ${folder}/run
crash dir = ${folder}/crash
admin socket = ${folder}/run/$name.asok
pid file = ${folder}/run/$name.pid
log file = ${folder}/log/$name.log
mon cluster log file = ${folder}/log/cluster.log
mon data avail warn = 2
mon data avail crit = 1
mon allow pool size one = true
mon warn on pool no redundancy = false
mon max pg per osd = 1000
osd pool default size = 1
osd pool default min size = 1
osd pool default pg num = 1
osd pool default pgp num = 1
osd pool default pg autoscale mode = off
osd crush chooseleaf type = 0
osd class load list = *
osd class default list = *

[mon.a]
mon data = ${folder}/mon

[osd]
osd data = ${folder}/osd
osd objectstore = bluestore
bluestore block create = true
bluestore block size = 4294967296
bluestore cache size = 134217728
osd memory target = 939524096

[client.rgw]
rgw frontends = beast endpoint=127.0.0.1:${gateway}
rgw thread pool size = 32
rgw run sync thread = false
`;
