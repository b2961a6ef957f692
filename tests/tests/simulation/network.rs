//! The network of a simulated session: what is on its way, and what becomes of it.

use std::collections::VecDeque;

use judge_client::Session;
use protocol::frame::{ClientFrame, Head, ServerFrame};

use crate::faults::Fault;
use crate::world::{Checked, World};

pub(crate) enum Message {
    ToServer(u64, ClientFrame),
    ToTablet(usize, ServerFrame),
    /// The server's side of a connection notices that it ended.
    ServerClosed(u64),
    /// The tablet's side does.
    TabletClosed(usize, u64),
}

pub(crate) struct Packet {
    pub(crate) due_ms: u64,
    pub(crate) message: Message,
}

impl World {
    pub(crate) fn send(&mut self, message: Message) {
        let delay_ms = match self.random.below(1_000) {
            _ if self.is_calm => 20,
            0..40 => self.random.below(40_000),
            40..200 => self.random.below(4_000),
            _ => self.random.below(300),
        };
        self.net.push(Packet { due_ms: self.now_ms + delay_ms, message });
    }

    pub(crate) fn deliver(&mut self) -> Checked {
        for packet in &mut self.net {
            // Nothing reaches a tablet that sleeps; it finds it as it wakes.
            if let (Message::ToTablet(number, _), false) = (&packet.message, self.is_calm) {
                packet.due_ms = packet.due_ms.max(self.tablets[*number].asleep_until_ms);
            }
        }
        let due: Vec<Packet> = self.net.extract_if(.., |packet| packet.due_ms <= self.now_ms).collect();
        let mut due: VecDeque<Packet> = due.into();
        while !due.is_empty() {
            let is_reordered = !self.is_calm && due.len() > 1 && self.random.chance(self.weather.reorder);
            let index = if is_reordered { self.random.index(due.len()) } else { 0 };
            let Some(Packet { message, .. }) = due.remove(index) else { break };
            if index > 0 {
                self.fault(Fault::Reorder);
            }
            if !self.is_calm && self.random.chance(self.weather.drop) {
                self.fault(Fault::Drop);
                continue;
            }
            if !self.is_calm && self.random.chance(self.weather.duplicate) {
                match &message {
                    Message::ToServer(name, frame) => {
                        self.fault(Fault::Duplicate);
                        self.send(Message::ToServer(*name, frame.clone()));
                    }
                    Message::ToTablet(number, frame) => {
                        self.fault(Fault::Duplicate);
                        self.send(Message::ToTablet(*number, frame.clone()));
                    }
                    Message::ServerClosed(_) | Message::TabletClosed(..) => {}
                }
            }
            self.arrive(message)?;
        }
        Ok(())
    }

    fn arrive(&mut self, message: Message) -> Checked {
        match message {
            Message::ToServer(name, frame) => self.arrive_at_server(name, frame),
            // It reaches whatever connection the tablet has: only the nonce tells them apart.
            Message::ToTablet(number, frame) => self.arrive_at_tablet(number, frame),
            Message::ServerClosed(name) => {
                self.connections.remove(&name);
                Ok(())
            }
            Message::TabletClosed(number, name) => {
                if self.tablets[number].connection != Some(name) {
                    return Ok(());
                }
                self.tablets[number].connection = None;
                let now = self.now_of(number);
                self.drive(number, |session| session.closed(now))
            }
        }
    }

    fn arrive_at_server(&mut self, name: u64, mut frame: ClientFrame) -> Checked {
        self.tally.frames += 1;
        if let (Some(breakage), Some(connection)) = (self.breakage, self.connections.get(&name)) {
            breakage.put(&mut frame, connection.epoch);
        }
        if !self.weather.is_text {
            return self.with(name, |session, now| session.frame(frame, now));
        }
        let text = frame.encode(1).map_err(|error| format!("UNSENDABLE {}", error.code()))?;
        self.with(name, |session, now| session.text(&text, now))
    }

    fn arrive_at_tablet(&mut self, number: usize, mut frame: ServerFrame) -> Checked {
        if self.tablets[number].connection.is_none() {
            return Ok(());
        }
        self.tally.frames += 1;
        let now = self.now_of(number);
        if let Some(breakage) = self.breakage {
            let tablet = &self.tablets[number];
            breakage.hear(&mut frame, tablet.session.as_ref().and_then(Session::epoch), tablet.nonce);
        }
        let head = if let ServerFrame::Head(head) = &frame { Some(head.clone()) } else { None };
        if self.weather.is_text {
            let text = frame.encode(1).map_err(|error| format!("UNSENDABLE {}", error.code()))?;
            self.drive(number, |session| session.text(&text, now))?;
        } else {
            self.drive(number, |session| session.frame(frame, now))?;
        }
        head.map_or(Ok(()), |head| self.told(number, head))
    }

    /// A tablet that waits for nothing believes what it was told last of a cell, unless its own mark is newer.
    fn told(&mut self, number: usize, head: Head) -> Checked {
        let tablet = &mut self.tablets[number];
        let Some(session) = &tablet.session else { return Ok(()) };
        let is_live = tablet.nonce == Some(head.nonce) && session.epoch() == Some(head.epoch);
        // What it told of its own before a restore cannot be looked up any more.
        if !is_live || head.epoch != self.journal.epoch || self.breakage.is_some() {
            return Ok(());
        }
        let (epoch, last) = tablet.told.get(&head.cell).copied().unwrap_or((head.epoch, 0));
        if epoch == head.epoch && last > head.seq {
            return Ok(());
        }
        let sees = session.head(&head.cell);
        tablet.told.insert(head.cell, (head.epoch, head.seq));
        let entry = sees.and_then(|id| self.journal.find(id));
        let is_own = entry.is_some_and(|sealed| sealed.entry.device == tablet.device.id);
        if sees == head.id || is_own || session.unsent() > 0 {
            return Ok(());
        }
        Err("A TABLET DOES NOT BELIEVE WHAT IT IS TOLD".to_owned())
    }
}
