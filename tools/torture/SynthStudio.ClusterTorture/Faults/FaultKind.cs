namespace SynthStudio.ClusterTorture;

/// <summary>What can go wrong.</summary>
public enum FaultKind
{
    /// <summary><c>kill -9</c> of a worker process that is at work.</summary>
    KillWorker,

    /// <summary><c>kill -9</c> of a silo; it is started again a while later.</summary>
    KillSilo,

    /// <summary><c>kill -9</c> of the only silo with an accelerator, which stays away for a while: what needs one waits.</summary>
    LoseAccelerator,

    /// <summary><c>kill -9</c> of an API replica.</summary>
    KillApi,

    /// <summary>A worker process hangs, and goes on.</summary>
    StallWorker,

    /// <summary>A worker process hangs for good: its silo has to notice.</summary>
    HangWorker,

    /// <summary>A silo hangs for longer than its leases last, then goes on as if nothing had been.</summary>
    StallSilo,

    /// <summary>An API replica hangs.</summary>
    StallApi,

    /// <summary>PostgreSQL is stopped in order and started again.</summary>
    RestartPostgres,

    /// <summary>
    /// PostgreSQL stops at once (SIGQUIT), without a checkpoint, and recovers from its log when it starts again. No loss of power: the machine
    /// lives, and what the server wrote and did not synchronise (<c>fsync=off</c>) stays.
    /// </summary>
    CrashPostgres,

    /// <summary>One process does not reach the database any more; its packets are lost.</summary>
    CutFromPostgres,

    /// <summary>Redis is killed, and comes back empty.</summary>
    KillRedis,

    /// <summary>Redis hangs.</summary>
    StallRedis,

    /// <summary>The object store answers 503, or breaks connections off.</summary>
    FailS3,

    /// <summary>The object store is slow.</summary>
    SlowS3,

    /// <summary>The object store is killed, and comes back.</summary>
    KillS3,

    /// <summary>Two silos do not reach each other; packets are lost, both reach everybody else.</summary>
    CutTwoSilos,

    /// <summary>A silo reaches no other and is reached by none; it does reach database and store.</summary>
    CutSilo,

    /// <summary>The clock of a process jumps, and stays wrong for a while.</summary>
    StepClock,

    /// <summary>The disk of a silo's workers, or of an API replica's uploads, is full.</summary>
    FillDisk,
}
