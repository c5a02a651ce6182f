namespace SynthStudio.Catalog;

/// <summary>The moments between which a process may die while it changes the ledger. Tests stop it at each.</summary>
public enum LedgerStep
{
    /// <summary>The transaction has begun.</summary>
    Begun,

    /// <summary>A line was added.</summary>
    LineAdded,

    /// <summary>The sum was replaced.</summary>
    SumReplaced,

    /// <summary>All is written, nothing committed.</summary>
    BeforeCommit,

    /// <summary>Committed; the anchor does not know.</summary>
    Committed,

    /// <summary>The anchor knows; the caller does not.</summary>
    Anchored,
}
