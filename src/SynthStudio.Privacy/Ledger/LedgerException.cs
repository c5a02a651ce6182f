namespace SynthStudio.Privacy.Ledger;

/// <summary>An entry that a ledger refuses.</summary>
public sealed class LedgerException(LedgerError error, string message) : Exception(message)
{
    public LedgerError Error { get; } = error;
}

/// <summary>Why a ledger refuses an entry.</summary>
public enum LedgerError
{
    /// <summary>It does not fit into the budget, or there is none.</summary>
    OverBudget,

    /// <summary>A reservation whose job was let at the data cannot be given back.</summary>
    RefundAfterTouch,

    /// <summary>Its job is not where such an entry can follow.</summary>
    OutOfOrder,

    /// <summary>An entry is not what was written, or is missing.</summary>
    ChainBroken,

    /// <summary>A data set has no such part.</summary>
    PartUnknown,

    /// <summary>Something is spent in a part: the data set cannot be divided otherwise.</summary>
    PartitionInUse,
}
