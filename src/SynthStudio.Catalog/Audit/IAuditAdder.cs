namespace SynthStudio.Catalog.Audit;

/// <summary>Adds to chains whose ends are remembered, all at once and durably. One call at a time.</summary>
internal interface IAuditAdder : IDisposable
{
    /// <summary>Adds lines to the chains that still end where they are remembered to end. A chain that somebody else added to is left as it is, with none of its lines.</summary>
    /// <param name="ends">By chain, where it ended and where it ends with its lines.</param>
    /// <param name="lines">The lines of these chains, in their order.</param>
    /// <param name="cancellation">Stops the call.</param>
    /// <returns>The chains that were added to.</returns>
    Task<IReadOnlyList<string>> AddAsync(IReadOnlyDictionary<string, (AuditEnd Was, AuditEnd Is)> ends, IReadOnlyList<NewLine> lines, CancellationToken cancellation);
}
