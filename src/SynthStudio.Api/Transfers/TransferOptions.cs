using System.ComponentModel.DataAnnotations;

namespace SynthStudio.Api.Transfers;

/// <summary>
/// How rows are moved from and to databases and buckets of others. These are named by members of projects, so by default only
/// public addresses are reached, over TLS.
/// </summary>
public sealed class TransferOptions
{
    /// <summary>
    /// Networks that are reached although they are not public, for example <c>10.20.0.0/16</c>. Members of projects can
    /// have the server call what listens there.
    /// </summary>
    [Networks]
    public IList<string> AllowedNetworks { get; init; } = [];

    /// <summary>
    /// Whether databases and buckets are reached without TLS, or with certificates that nobody vouches for: who is in
    /// between can then read passwords and rows.
    /// </summary>
    public bool AllowUnprotected { get; set; }

    /// <summary>Transfers that a process carries out at once.</summary>
    [Range(1, 100, ErrorMessage = "must be 1 to 100.")]
    public int AtOnce { get; set; } = 2;

    /// <summary>Transfers of a project that are carried out at once, by all processes together; the others wait.</summary>
    [Range(1, 100, ErrorMessage = "must be 1 to 100.")]
    public int AtOncePerProject { get; set; } = 1;

    /// <summary>Transfers of a project that have not ended, and connections that it has, at most.</summary>
    [Range(1, 10_000, ErrorMessage = "must be 1 to 10000.")]
    public int MaxPerProject { get; set; } = 20;

    /// <summary>Most rows of a query that is imported.</summary>
    [Range(1L, long.MaxValue, ErrorMessage = "must be at least 1.")]
    public long MaxRows { get; set; } = 100_000_000;

    /// <summary>Time that a transfer, or the download of a data set, may take, with the reading by a worker that it waits for.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "2.00:00:00", ErrorMessage = "must be 1 s to two days, for example 02:00:00.")]
    public TimeSpan MaxTime { get; set; } = TimeSpan.FromHours(2);

    /// <summary>Time that a database or store has to take a connection.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:02:00", ErrorMessage = "must be 1 s to 2 min, for example 00:00:15.")]
    public TimeSpan ConnectTimeout { get; set; } = TimeSpan.FromSeconds(15);

    /// <summary>How often it is looked for transfers to carry out.</summary>
    [Range(typeof(TimeSpan), "00:00:00.010", "00:01:00", ErrorMessage = "must be 10 ms to 1 min, for example 00:00:01.")]
    public TimeSpan PollInterval { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>Transfers that ended are listed for so long.</summary>
    [Range(typeof(TimeSpan), "01:00:00", "3650.00:00:00", ErrorMessage = "must be at least an hour, for example 30.00:00:00.")]
    public TimeSpan Retention { get; set; } = TimeSpan.FromDays(30);
}
