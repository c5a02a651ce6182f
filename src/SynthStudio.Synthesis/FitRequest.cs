using SynthStudio.Privacy.Events;
using SynthStudio.Synthesis.Encoding;
using SynthStudio.Synthesis.Packages;
using SynthStudio.Synthesis.Private;
using SynthStudio.Synthesis.Training;
using SynthStudio.Tabular;

namespace SynthStudio.Synthesis;

/// <summary>How to train, whatever the method.</summary>
public sealed record FitRequest
{
    /// <summary>Method options as name and text; see <see cref="ISynthesizer.Options"/>.</summary>
    public IReadOnlyDictionary<string, string> Options { get; init; } = new Dictionary<string, string>();

    /// <summary>Wall-clock limit of training; null lets the method choose by rows and columns.</summary>
    public TimeSpan? MaxTime { get; init; }

    /// <summary>Makes training reproducible bit for bit on the same kind of device, whatever the number of threads.</summary>
    public long Seed { get; init; }

    /// <summary>Where to compute.</summary>
    public Device Device { get; init; } = Device.Auto;

    /// <summary>Threads that work side by side; 0 means one a core.</summary>
    public int Threads { get; init; }

    /// <summary>Where checkpoints go, and where one of an earlier attempt may lie to resume from; null trains without them.</summary>
    public string? CheckpointFolder { get; init; }

    /// <summary>Checkpoint files to resume from when the folder holds none, whatever their names, newest first: the first sound one counts.</summary>
    public IReadOnlyList<string> ResumeFrom { get; init; } = [];

    /// <summary>
    /// All rows, when the table given to the method is a random sample of more rows than fit into memory: a method that
    /// <see cref="Capabilities.Streams"/> learns its codecs from the sample and its network from all rows, another learns the sample only.
    /// Null when the table is all there is.
    /// </summary>
    public IRowSource? AllRows { get; init; }

    /// <summary>
    /// The table that the one given to the method was cut from, where rows of it are held back: their keys must not come out as fresh ones. Null when
    /// nothing was held back.
    /// </summary>
    public Table? WholeTable { get; init; }

    /// <summary>Where rows that do not fit into memory are kept while training lasts; null takes the system's temporary folder.</summary>
    public string? ScratchFolder { get; init; }

    /// <summary>
    /// A model of the same method and columns to start from. Its form of the rows and its codecs stay: categories new to it count as rare where it
    /// knows rare ones, numbers out of range as the outermost one; other categories new to it, and missing values where it knows none, teach it
    /// nothing. Its network learns on from its weights. Null starts anew.
    /// </summary>
    public ModelPackage? WarmStart { get; init; }

    /// <summary>
    /// The promise that training must keep; null makes none. <see cref="Seed"/> then decides initial weights and the like only: noise, the
    /// choice of rows and every other draw that touches the data come from the operating system.
    /// </summary>
    public PrivacyTerms? Privacy { get; init; }

    /// <summary>
    /// What earlier attempts of this training told <see cref="ITrainingObserver.Spent"/> last; null on the first. A method that leaves checkpoints behind
    /// charges what none of them accounts for to the same promise: less is left for this attempt, or nothing. A method that leaves nothing behind
    /// before it is done starts anew.
    /// </summary>
    public PrivacyEvent? SpentBefore { get; init; }

    /// <summary>
    /// Time between checkpoints; null for a tenth of the time trained, from 5 to 20 seconds, up to a minute where writing one takes long.
    /// </summary>
    public TimeSpan? CheckpointInterval { get; init; }

    /// <summary>Steps of a training after which a checkpoint is written although <see cref="CheckpointInterval"/> is not over; 0 for none.</summary>
    public long CheckpointSteps { get; init; }

    /// <summary>All rows whose keys must not come out again; null when they are those of the tables given.</summary>
    internal KeyRows? KeyRows { get; init; }

    /// <summary>Whether an earlier attempt left something to go on from.</summary>
    internal bool HasCheckpoints =>
        ResumeFrom.Count > 0 || (CheckpointFolder is { } folder && Directory.Exists(folder) && Directory.EnumerateFiles(folder).Any());

    internal CheckpointSchedule CheckpointSchedule => new(CheckpointInterval, CheckpointSteps);
}
