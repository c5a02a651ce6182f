using System.ComponentModel.DataAnnotations;
using SynthStudio.Catalog;
using SynthStudio.Storage;

namespace SynthStudio.Hosting;

/// <summary>How secrets in the database and objects are encrypted; the section <c>SynthStudio:Encryption</c>. The same in all processes of a cluster.</summary>
public sealed class EncryptionSettings : IValidatableObject
{
    /// <summary>
    /// Seals secrets in the database: keys that sign tokens, keys of projects, secrets of connections and second factors. 32 random bytes
    /// in base 64; empty derives it from the key of the privacy ledger.
    /// </summary>
    [DataType(DataType.Password)]
    public string MasterKey { get; set; } = "";

    /// <summary>The master key before this one, until <c>synth cluster reseal-secrets</c> says that nothing is sealed by it any more.</summary>
    [DataType(DataType.Password)]
    public string PreviousMasterKey { get; set; } = "";

    /// <summary>
    /// The master key to come, where several replicas are set one after the other: what those sealed by it that have it as
    /// theirs already is opened by those that have not.
    /// </summary>
    [DataType(DataType.Password)]
    public string NextMasterKey { get; set; } = "";

    /// <summary>
    /// Whether new objects (tables, models, rows, reports) are encrypted, with a key for each project. There are no links to
    /// encrypted objects. What is stored stays as it is.
    /// </summary>
    public bool Objects { get; set; }

    /// <summary>Bytes of decrypted copies that a silo keeps for its workers, which read files.</summary>
    [Range(1L << 20, long.MaxValue, ErrorMessage = "must be a megabyte at least.")]
    public long CacheBytes { get; set; } = 20L << 30;

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (Problem(MasterKey) is { } problem) yield return new(problem, [nameof(MasterKey)]);
        if (Problem(PreviousMasterKey) is { } previous) yield return new(previous, [nameof(PreviousMasterKey)]);
        if (Problem(NextMasterKey) is { } next) yield return new(next, [nameof(NextMasterKey)]);
    }

    /// <summary>The master key, which opens also what was sealed before one was set.</summary>
    internal MasterKey ToMasterKey(LedgerKey ledger)
    {
        var derived = ledger.MasterKey();
        byte[][] previous = PreviousMasterKey.Length > 0 ? [Storage.MasterKey.Parse(PreviousMasterKey)] : [];
        var next = NextMasterKey.Length > 0 ? Storage.MasterKey.Parse(NextMasterKey) : null;
        return MasterKey.Length > 0 ? new(Storage.MasterKey.Parse(MasterKey), [.. previous, derived]) { Next = next } : new(derived, previous) { Next = next };
    }

    private static string? Problem(string key)
    {
        if (key.Length == 0) return null;
        try
        {
            Storage.MasterKey.Parse(key);
            return null;
        }
        catch (FormatException e)
        {
            return e.Message;
        }
    }
}
