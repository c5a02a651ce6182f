using System.Text;

namespace SynthStudio.Catalog.Audit;

/// <summary>Goes along a chain line by line and notes where it is not what was written.</summary>
/// <param name="chain">The chain's name.</param>
/// <param name="seal">Whose signed ends are evidence of lines that are lost with an accepted restore.</param>
public sealed class AuditVerification(string chain, AuditSeal seal)
{
    /// <summary>Faults that are told, at most: after the first the others may follow from it.</summary>
    public const int MostFaults = 100;

    private readonly List<AuditFault> _faults = [];
    private readonly List<AcceptedRestore> _restores = [];
    private readonly Dictionary<long, byte[]> _asked = [];
    private byte[] _hash = AuditLine.Root(chain), _spare = new byte[AuditLine.HashBytes];

    /// <summary>Number of the last line.</summary>
    public long Sequence { get; private set; }

    /// <summary>Its hash, as computed.</summary>
    public ReadOnlySpan<byte> Hash => _hash;

    /// <summary>Lines that were seen.</summary>
    public long Lines { get; private set; }

    public IReadOnlyList<AuditFault> Faults => _faults;

    /// <summary>Restores of the database that were accepted, each with the signed end that the trail lost.</summary>
    public IReadOnlyList<AcceptedRestore> Restores => _restores;

    /// <summary>Goes on from an end that is known to be sound, instead of from the chain's beginning.</summary>
    internal void StartAfter(AuditHead head) => (Sequence, _hash) = (head.Sequence, [.. head.Hash]);

    /// <summary>Has the hash of a line remembered, to compare a head with it.</summary>
    public void Remember(long sequence) => _asked[sequence] = [];

    /// <summary>Undoes <see cref="Remember"/>.</summary>
    internal void Forget(long sequence) => _asked.Remove(sequence);

    /// <summary>The next line, in the order of its number.</summary>
    /// <param name="sequence">Its number.</param>
    /// <param name="line">The text.</param>
    /// <param name="hash">Its hash as stored; null for a line that has none with it.</param>
    public void Add(long sequence, string line, ReadOnlySpan<byte> hash) => Add(sequence, Encoding.UTF8.GetBytes(line), hash);

    /// <summary>The same, with the text in UTF-8.</summary>
    public void Add(long sequence, ReadOnlySpan<byte> line, ReadOnlySpan<byte> hash)
    {
        Lines++;
        var follows = sequence == Sequence + 1 | IsRestore(sequence, line);
        if (!follows)
        {
            Note(Sequence + 1, AuditFaultKind.Missing, sequence == Sequence + 2
                ? $"Line {Sequence + 1} is missing."
                : $"Line {sequence} follows line {Sequence}.");
        }

        AuditLine.Hash(_hash, line, _spare);
        if (!hash.IsEmpty && !hash.SequenceEqual(_spare))
        {
            // A missing line has told of itself. What follows a changed line is checked against the hash that is there: one change is one fault.
            if (follows) Note(sequence, AuditFaultKind.Changed, $"Line {sequence} is not what was written, or stands in another's place.");
            hash.CopyTo(_spare = new byte[hash.Length]);
        }

        Sequence = sequence;
        (_hash, _spare) = (_spare, _hash.Length == AuditLine.HashBytes ? _hash : new byte[AuditLine.HashBytes]);
        if (_asked.Count > 0 && _asked.ContainsKey(sequence)) _asked[sequence] = [.. _hash];
    }

    /// <summary>Notes an accepted restore; whether its line may follow in spite of its number, which goes past lines that are lost and were signed.</summary>
    private bool IsRestore(long sequence, ReadOnlySpan<byte> line)
    {
        if (!AuditLine.MayHoldRestore(line)) return false;
        if (!AuditLine.TryRead(Encoding.UTF8.GetString(line), out var entry) || entry.Event.Restore is not { } restore) return false;
        if (restore.Signed.Chain != chain || !restore.Signed.IsSignedBy(seal))
        {
            Note(sequence, AuditFaultKind.Forged, $"Line {sequence} accepts a restore, and the end that it gives as evidence is not signed by the server.");
            return false;
        }

        _restores.Add(new AcceptedRestore(sequence, entry.Time, entry.Event.Actor, restore));
        return restore.Signed.Sequence > Sequence && sequence == restore.Signed.Sequence + 1;
    }

    /// <summary>Compares the end with what the database says of it.</summary>
    public void CheckEnd(long sequence, ReadOnlySpan<byte> hash)
    {
        if (sequence > Sequence) Note(sequence, AuditFaultKind.Missing, $"The trail ends at line {Sequence}, but {sequence} were written.");
        else if (sequence != Sequence || !hash.SequenceEqual(_hash)) Note(Sequence, AuditFaultKind.Changed, $"Line {Sequence}, the last, is not the one that was written.");
    }

    /// <summary>Compares the chain with a head that was signed and kept elsewhere; its line must have been asked for (<see cref="Remember"/>).</summary>
    public void CheckHead(AuditHead head, AuditSeal seal)
    {
        if (head.Chain != chain || !head.IsSignedBy(seal))
            Note(head.Sequence, AuditFaultKind.Forged, $"The signature of the end at line {head.Sequence} is not the server's.");
        else if (head.Sequence > Sequence)
            Note(head.Sequence, AuditFaultKind.Missing, $"The trail ends at line {Sequence}, but line {head.Sequence} was signed: lines were cut off, or an older copy was put back.");
        else if (!_asked.GetValueOrDefault(head.Sequence, []).AsSpan().SequenceEqual(head.Hash))
            Note(head.Sequence, AuditFaultKind.Changed, $"Line {head.Sequence} is not the one that was signed: the trail was rewritten.");
    }

    /// <summary>Notes a line that stands before the first or behind the end.</summary>
    internal void NoteStray(long sequence) => Note(sequence, AuditFaultKind.Forged, $"Line {sequence} stands {(sequence < 1 ? "before the first" : "behind the end")} of the trail: the server did not write it.");

    /// <summary>Notes a fault of what keeps the chain.</summary>
    internal void Note(long sequence, AuditFaultKind kind, string description)
    {
        if (_faults.Count < MostFaults) _faults.Add(new AuditFault(sequence, kind, description));
    }
}

/// <summary>Where a chain is not what was written.</summary>
/// <param name="Sequence">The line.</param>
/// <param name="Kind">What happened to it.</param>
/// <param name="Description">In words.</param>
public sealed record AuditFault(long Sequence, AuditFaultKind Kind, string Description);

/// <summary>What happened to a line.</summary>
public enum AuditFaultKind
{
    /// <summary>It is gone.</summary>
    Missing,

    /// <summary>It is another one.</summary>
    Changed,

    /// <summary>A signed head, or a line that is outside of the chain, is not the server's.</summary>
    Forged,
}

/// <summary>What going along a chain found.</summary>
/// <param name="Lines">Lines that were seen.</param>
/// <param name="Head">Its end, signed now; null when it is empty or not sound.</param>
/// <param name="Anchored">Number of the last line whose signed hash is kept outside the database; 0 for none.</param>
/// <param name="Faults">What is wrong; empty for a sound trail.</param>
/// <param name="PublicKeyPem">Checks the signature.</param>
public sealed record AuditFindings(long Lines, AuditHead? Head, long Anchored, IReadOnlyList<AuditFault> Faults, string PublicKeyPem)
{
    public bool IsSound => Faults.Count == 0;

    /// <summary>Restores of the database that operators accepted: a sound trail says of them what it lost.</summary>
    public IReadOnlyList<AcceptedRestore> Restores { get; init; } = [];
}
