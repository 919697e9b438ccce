use std::collections::HashMap;
use std::env;
use std::fs::{self, File, OpenOptions};
use std::net::{TcpListener, TcpStream, UdpSocket};
use std::path::Path;
use std::process::{self, Command};
use std::time::{Instant, SystemTime};

pub fn clock() {
    let _ = (SystemTime::now(), Instant::now());
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
    let _ = (File::create(path), File::create_new(path), File::options(), OpenOptions::new());
}

pub fn network() {
    let _ = (TcpListener::bind("127.0.0.1:0"), TcpStream::connect("127.0.0.1:9"), UdpSocket::bind("127.0.0.1:0"));
}

pub fn processes() {
    let _ = Command::new("true");
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

pub fn unfinished() {
    todo!()
}

pub fn never_finished() {
    unimplemented!()
}
