//! What all sockets share.

use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;

use kernel::{Timer, UserId};
use ledger::{Follower, Ledger, News};
use tokio::sync::watch;

use super::seats::{Seat, Seats};

/// What an [`EventFeed`] works with.
pub struct EventPorts {
    /// The logs.
    pub ledger: Arc<dyn Ledger>,
    /// Tells when to look.
    pub news: Arc<dyn News>,
    /// Waits.
    pub timer: Arc<dyn Timer>,
}

/// Bounds on sockets for live events.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct EventLimits {
    /// Sockets of one user, in this process.
    pub per_user: u32,
    /// Sockets from one address (of IPv6, from one /64), in this process.
    pub per_address: u32,
    /// Topics of one socket.
    pub topics: usize,
    /// How often a socket looks without having been told to.
    pub look_every: Duration,
    /// How often a sign of life is asked for.
    pub beat_every: Duration,
    /// How long a client may give none.
    pub silence: Duration,
    /// How long a client may take nothing of what is sent.
    pub stall: Duration,
}

impl Default for EventLimits {
    /// 10 of a user, 100 of an address, 100 topics; 5 s; 20 s, 45 s; 20 s.
    fn default() -> Self {
        Self {
            per_user: 10,
            per_address: 100,
            topics: 100,
            look_every: Duration::from_secs(5),
            beat_every: Duration::from_secs(20),
            silence: Duration::from_secs(45),
            stall: Duration::from_secs(20),
        }
    }
}

/// Live events of all users. Cheap to clone; clones share what they count.
#[derive(Clone)]
pub struct EventFeed(Arc<Shared>);

struct Shared {
    ports: EventPorts,
    limits: EventLimits,
    users: Seats<UserId>,
    addresses: Seats<IpAddr>,
    stop: watch::Sender<bool>,
}

impl EventFeed {
    /// The feed over its ports.
    pub fn new(ports: EventPorts, limits: EventLimits) -> Self {
        Self(Arc::new(Shared {
            ports,
            limits,
            users: Seats::default(),
            addresses: Seats::default(),
            stop: watch::Sender::new(false),
        }))
    }

    /// Closes all sockets, those to come too.
    pub fn shut_down(&self) {
        self.0.stop.send_replace(true);
    }

    pub(super) fn limits(&self) -> &EventLimits {
        &self.0.limits
    }

    pub(super) fn ledger(&self) -> &dyn Ledger {
        self.0.ports.ledger.as_ref()
    }

    /// Begins to listen.
    pub(super) fn follow(&self, user: UserId) -> Follower {
        let EventPorts {
            ledger,
            news,
            timer,
        } = &self.0.ports;
        let look = (timer.clone(), self.0.limits.look_every);
        Follower::new((ledger.clone(), news.as_ref()), look, user)
    }

    pub(super) fn seat_of_user(&self, user: UserId) -> Option<Seat<UserId>> {
        self.0.users.take(user, self.0.limits.per_user)
    }

    pub(super) fn seat_of_address(&self, network: IpAddr) -> Option<Seat<IpAddr>> {
        self.0.addresses.take(network, self.0.limits.per_address)
    }

    /// Ready when the sockets are to close.
    pub(super) async fn stopped(&self) {
        let mut stop = self.0.stop.subscribe();
        // The sender lives as long as this does.
        drop(stop.wait_for(|stop| *stop).await);
    }
}
