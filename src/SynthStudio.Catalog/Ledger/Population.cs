using SynthStudio.Privacy.Ledger;

namespace SynthStudio.Catalog;

/// <summary>A population's ledger as one transaction sees it.</summary>
/// <param name="Name"><c>projects/{project}/populations/{population}</c>.</param>
/// <param name="State">What its entries come to.</param>
/// <param name="Sequence">Number of its last line.</param>
/// <param name="Hash">Hash of its last line.</param>
/// <param name="Time">When that was written, in microseconds since 1970.</param>
internal sealed record Population(string Name, LedgerState State, long Sequence, byte[] Hash, long Time)
{
    public LedgerHead Head => new(Sequence, Convert.ToHexStringLower(Hash));
}
