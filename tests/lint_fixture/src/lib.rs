use std::collections::{HashMap, HashSet};
use std::env;
use std::fs::{self, File, OpenOptions};
use std::net::{TcpListener, TcpStream, ToSocketAddrs, UdpSocket};
use std::os::unix::net::{UnixListener, UnixStream};
use std::path::Path;
use std::process::{self, Command};
use std::time::{Instant, SystemTime};

pub fn clock() {
    let _ = (SystemTime::now(), Instant::now(), SystemTime::UNIX_EPOCH.elapsed());
    jiff::Timestamp::now();
    jiff::Zoned::now();
    jiff::tz::TimeZone::system();
    tokio::time::Instant::now();
}

pub fn environment() {
    let _ = (env::var("A"), env::var_os("A"), env::vars(), env::vars_os(), env::args(), env::args_os());
    let _ = (env::current_dir(), env::current_exe(), env::temp_dir());
}

pub fn reading(path: &Path) {
    let _ = (fs::read(path), fs::read_to_string(path), fs::read_dir(path), fs::read_link(path), fs::exists(path));
    let _ = (fs::metadata(path), fs::symlink_metadata(path), fs::canonicalize(path), File::open(path));
    let _ = (path.exists(), path.try_exists(), path.is_dir(), path.is_file(), path.is_symlink());
    let _ = (path.metadata(), path.symlink_metadata(), path.canonicalize(), path.read_dir(), path.read_link());
}

pub fn writing(path: &Path, permissions: fs::Permissions) {
    let _ = (fs::write(path, ""), fs::copy(path, path), fs::rename(path, path), fs::hard_link(path, path));
    let _ = (fs::create_dir(path), fs::create_dir_all(path), fs::set_permissions(path, permissions));
    let _ = (fs::remove_file(path), fs::remove_dir(path), fs::remove_dir_all(path));
    let _ = (fs::DirBuilder::new(), std::os::unix::fs::symlink(path, path));
    walkdir::WalkDir::new();
    redb::Database::create();
    let _ = (File::create(path), File::create_new(path), File::options(), OpenOptions::new());
}

pub fn types(_: yaml_serde::Deserializer, _: yaml_serde::Value, _: redb::Database) {}

pub fn network() {
    let _ = (TcpListener::bind("127.0.0.1:0"), TcpStream::connect("127.0.0.1:9"), UdpSocket::bind("127.0.0.1:0"));
    let address = std::net::SocketAddr::from(([127, 0, 0, 1], 9));
    let _ = (TcpStream::connect_timeout(&address, std::time::Duration::ZERO), "localhost:9".to_socket_addrs());
    let _ = (UnixListener::bind("s"), UnixStream::connect("s"));
    tokio::net::TcpListener::bind();
    tokio::net::TcpStream::connect();
    tokio::net::UdpSocket::bind();
}

pub fn processes() {
    let _ = Command::new("true");
    open::that_detached();
    getrandom::fill();
    let _ = (std::io::stdout(), std::io::stderr(), std::io::stdin());
    if env::args().count() > 1 {
        process::exit(1);
    }
    process::abort();
}

pub fn lints(map: HashMap<u8, u8>, pointer: *const u8) -> u8 {
    println!();
    eprintln!();
    dbg!(1);
    for (key, _) in &map {
        drop(*key);
    }
    let first = map.get(&1).unwrap() + map.get(&2).expect("there");
    first + unsafe { *pointer }
}

pub fn order_of_hashes(map: &mut HashMap<u8, u8>, set: &mut HashSet<u8>) {
    let _ = (map.iter().count(), map.keys().count(), map.values().count(), set.iter().count());
    let _ = (map.iter_mut().count(), map.values_mut().count());
    let _ = (map.clone().into_keys().count(), map.clone().into_values().count());
    let _ = (map.drain().count(), set.drain().count());
}

pub fn unfinished() {
    todo!()
}

pub fn never_finished() {
    unimplemented!()
}
