namespace SynthStudio.Compute;

/// <summary>What a compute silo offers and how it treats its worker processes.</summary>
public sealed class ComputeOptions
{
    /// <summary>Jobs at once, each in a process of its own. Two, so that a long training does not hold up a profile or a draw.</summary>
    public int Slots { get; set; } = 2;

    /// <summary>
    /// <c>cpu</c> or <c>cuda</c>, which is offered as long as the worker's libtorch sees one; empty offers what it sees, which the
    /// worker executable is asked soon after the start.
    /// </summary>
    public string Accelerator { get; set; } = "";

    /// <summary>Accelerators of that kind for jobs, of those that libtorch sees; 0 takes all, and one where the kind is set and nothing is known.</summary>
    public int Accelerators { get; set; }

    /// <summary>
    /// Memory of each accelerator in bytes, so that jobs which say how much they take can share one; 0 takes that of the smallest GPU, as
    /// its driver tells, and shares none where it does not.
    /// </summary>
    public long AcceleratorMemoryBytes { get; set; }

    /// <summary>How often the worker is asked again which devices it sees, while it does not answer or sees fewer than the silo is to offer.</summary>
    public TimeSpan DevicePeriod { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>Host memory for jobs in bytes; 0 takes what the machine or the container has.</summary>
    public long MemoryBytes { get; set; }

    /// <summary>The worker executable; null seeks it where it is built or shipped.</summary>
    public string? WorkerPath { get; set; }

    /// <summary>Arguments for the worker executable.</summary>
    public IReadOnlyList<string> WorkerArguments { get; set; } = [];

    /// <summary>Folder for what workers write; best in the file system of the object store, which takes files over by renaming.</summary>
    public string ScratchFolder { get; set; } = Path.Combine(Path.GetTempPath(), "synthstudio");

    /// <summary>Threads of a worker's computations; 0 lets libtorch choose.</summary>
    public int Threads { get; set; }

    /// <summary>Time between checkpoints of a training; null lets the worker choose.</summary>
    public TimeSpan? CheckpointInterval { get; set; }

    /// <summary>Steps of a training after which it writes a checkpoint although the time between two is not over; 0 for none.</summary>
    public long CheckpointSteps { get; set; }

    /// <summary>A worker that was asked to cancel is killed after this.</summary>
    public TimeSpan KillGrace { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>A worker that says nothing for so long, not even that it lives, which it does every two seconds, is killed; its job is tried again.</summary>
    public TimeSpan SilenceLimit { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>
    /// A worker that for so long says nothing but that it lives, and takes less than a hundredth of a processor, is killed; its job is tried
    /// again. One that computes is left to the limits of attempts.
    /// </summary>
    public TimeSpan StallLimit { get; set; } = TimeSpan.FromMinutes(10);

    /// <summary>
    /// A training that was asked to pause and then says nothing for so long but that it lives
    /// is killed; it goes on from its last checkpoint.
    /// </summary>
    public TimeSpan PauseGrace { get; set; } = TimeSpan.FromMinutes(2);

    /// <summary>A training that was asked to write a checkpoint because its silo shuts down is killed after this.</summary>
    public TimeSpan ShutdownGrace { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>How often the scheduler hears of this silo.</summary>
    public TimeSpan HeartbeatPeriod { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>How often at least a worker's owner is asked for its wish.</summary>
    public TimeSpan ReportPeriod { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>Reports of one worker are at least this far apart; what happens in between goes together.</summary>
    public TimeSpan ReportLinger { get; set; } = TimeSpan.FromMilliseconds(20);

    /// <summary>
    /// Keeps one worker process started ahead, from the silo's start on, so that a job need not wait for libtorch to load. It is a spare that
    /// uses no slot; a job that gets one accelerator of several starts its own.
    /// </summary>
    public bool WarmWorker { get; set; } = true;

    /// <summary>A job's process is at work for this long before the next one is started ahead.</summary>
    public TimeSpan WarmDelay { get; set; } = TimeSpan.FromSeconds(3);

    /// <summary>
    /// Worker processes that stay after they drew rows, each with its model loaded, for the next draw from the same package; 0 for none.
    /// They use no slot. Only a job that was completed leaves its process behind.
    /// </summary>
    public int KeptModels { get; set; } = 1;

    /// <summary>A worker that stayed leaves when nobody has drawn from its model for so long.</summary>
    public TimeSpan KeptModelTime { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>A worker whose resident memory is above this does not stay, in bytes.</summary>
    public long KeptModelMemory { get; set; } = 1L << 30;

    /// <summary>Workers yield the processor to the silo, so that watching and control stay prompt under full load.</summary>
    public bool LowPriority { get; set; } = true;
}
