namespace SynthStudio.Storage;

/// <summary>The seals of the pieces of open uploads, where processes share these in a bucket and objects are encrypted.</summary>
public interface IPieceSeals
{
    /// <summary>
    /// Seals by the current master key what an earlier one sealed, so that that can be forgotten and no open upload becomes unreadable. Each piece is exchanged
    /// whole: it opens at every moment, and a pass that dies is gone on with by the next.
    /// </summary>
    Task<ResealedPieces> ResealAsync(CancellationToken cancellation = default);
}

/// <summary>What sealing pieces anew came to.</summary>
/// <param name="Count">How many there were.</param>
/// <param name="Resealed">How many of them were sealed anew.</param>
/// <param name="Unreadable">How many of them no key opens; they stay as they are.</param>
public sealed record ResealedPieces(int Count, int Resealed, int Unreadable);
