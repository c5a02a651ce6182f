using System.ComponentModel.DataAnnotations;
using SynthStudio.Api;
using SynthStudio.Storage.S3;

namespace SynthStudio.Hosting;

/// <summary>How a process serves. Read from the section <see cref="SectionName"/> of the configuration.</summary>
public sealed class ServerOptions
{
    public const string SectionName = "SynthStudio";

    internal const string JsonLog = "json";

    /// <summary>What this process does: <c>all</c>, or in a cluster <c>api</c>, <c>silo</c>, <c>control</c> or <c>compute</c>.</summary>
    [EnumDataType(typeof(ServerRole), ErrorMessage = "must be all, api, silo, control or compute.")]
    public ServerRole Role { get; set; } = ServerRole.All;

    /// <summary>
    /// Folder of what this process keeps, created when absent: its log and the workers' scratch files; without other stores also the database,
    /// the objects and the first administrator's key.
    /// </summary>
    [Required(ErrorMessage = "is not set; name a folder that this process may write to.")]
    public string DataFolder { get; set; } = "";

    /// <summary>Whether this process runs jobs, if it is a silo. Without, they wait in the queue until a silo that does is there.</summary>
    public bool Compute { get; set; } = true;

    /// <summary>Address to listen on. Loopback unless a proxy with TLS stands in front.</summary>
    public string BindAddress { get; set; } = "127.0.0.1";

    /// <summary>Port of gRPC (HTTP/2); 0 takes a free one.</summary>
    [Range(0, 65535, ErrorMessage = "must be 0 to 65535.")]
    public int GrpcPort { get; set; } = 5080;

    /// <summary>Port of gRPC-Web and JSON (HTTP/1.1); 0 takes a free one.</summary>
    [Range(0, 65535, ErrorMessage = "must be 0 to 65535.")]
    public int HttpPort { get; set; } = 5081;

    /// <summary>Jobs that run at once, each in a process of its own.</summary>
    [Range(1, 256, ErrorMessage = "must be 1 to 256.")]
    public int Slots { get; set; } = 2;

    /// <summary>Threads of a worker; 0 lets libtorch choose.</summary>
    [Range(0, 1024, ErrorMessage = "must be 0 to 1024.")]
    public int Threads { get; set; }

    /// <summary>
    /// Seconds between the checkpoints of a training: what a crash costs at most. 0 for a tenth of the time that it has trained, from 5 to 20
    /// seconds; up to a minute where writing one takes long.
    /// </summary>
    [Range(0, 86_400, ErrorMessage = "must be 0 to 86400; 0 goes by the time trained.")]
    public int CheckpointSeconds { get; set; }

    /// <summary>Steps of a training after which it writes a checkpoint although these seconds are not over; 0 for none.</summary>
    [Range(0, int.MaxValue, ErrorMessage = "must not be negative; 0 is none.")]
    public int CheckpointSteps { get; set; }

    /// <summary>
    /// Folder of the privacy ledger's key and of the anchor that notices an older copy of the database; empty takes <c>ledger</c> in the data
    /// folder. Keep it where backups of the data folder are not restored to. In a cluster it holds the key only, the same for all processes: the
    /// anchor lies beside the objects.
    /// </summary>
    public string LedgerFolder { get; set; } = "";

    /// <summary>The worker executable; empty looks beside this program.</summary>
    public string WorkerPath { get; set; } = "";

    /// <summary>Whether log lines go to standard error; they always go to <c>logs/</c> in the data folder.</summary>
    public bool LogToConsole { get; set; } = true;

    /// <summary>
    /// What lines on standard error look like: <c>text</c> for people, <c>json</c> (compact, with trace ids,
    /// as in the data folder) for what collects them.
    /// </summary>
    [RegularExpression($"text|{JsonLog}", ErrorMessage = "must be text or json.")]
    public string LogFormat { get; set; } = "text";

    /// <summary>Where the catalog and the grains are kept, if not in the data folder; the section <c>SynthStudio:Database</c>.</summary>
    public DatabaseSettings Database { get; init; } = new();

    /// <summary>What <c>migrate</c> does beside the schema; the section <c>SynthStudio:Migration</c>.</summary>
    public MigrationSettings Migration { get; init; } = new();

    /// <summary>How the processes of a cluster find each other; the section <c>SynthStudio:Cluster</c>.</summary>
    public ClusterSettings Cluster { get; init; } = new();

    /// <summary>What API replicas share beside database and bucket; the section <c>SynthStudio:Redis</c>.</summary>
    public RedisSettings Redis { get; init; } = new();

    /// <summary>How the API behaves; the section <c>SynthStudio:Api</c>.</summary>
    public ApiOptions Api { get; init; } = new();

    /// <summary>Where objects are kept, if not in the data folder; the section <c>SynthStudio:S3</c>.</summary>
    public S3StorageOptions S3 { get; init; } = new();

    /// <summary>How secrets and objects are encrypted; the section <c>SynthStudio:Encryption</c>.</summary>
    public EncryptionSettings Encryption { get; init; } = new();

    /// <summary>Who goes first, and for how long; the section <c>SynthStudio:Scheduling</c>.</summary>
    public SchedulingSettings Scheduling { get; init; } = new();

    /// <summary>Where figures and traces go; the section <c>SynthStudio:Telemetry</c>.</summary>
    public TelemetrySettings Telemetry { get; init; } = new();

    /// <summary>How worker processes are treated; the section <c>SynthStudio:Workers</c>.</summary>
    public WorkerSettings Workers { get; init; } = new();
}
