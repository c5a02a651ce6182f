namespace SynthStudio.Catalog.Audit;

/// <summary>A call that a trail says began.</summary>
/// <param name="Chain">The trail.</param>
/// <param name="Sequence">The number of its entry.</param>
/// <param name="Synced">
/// Done when the entry survives a loss of power: what the call did must not be acknowledged before. Fails as <see cref="AuditTrail.AppendAsync"/> does.
/// </param>
public sealed record BegunCall(string Chain, long Sequence, Task Synced);
