pub fn that_detached() {}
