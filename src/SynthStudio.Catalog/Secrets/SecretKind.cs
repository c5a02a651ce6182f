namespace SynthStudio.Catalog.Secrets;

/// <summary>
/// What stored secrets are that the master key seals. Secrets of webhooks are not among them: they are derived, and stored
/// nowhere (<see cref="Webhooks.WebhookSecrets"/>).
/// </summary>
public enum SecretKind
{
    /// <summary>Private keys that sign access tokens.</summary>
    SigningKey,

    /// <summary>Keys of projects, which encrypt their objects.</summary>
    ProjectKey,

    /// <summary>What connections let in by.</summary>
    Connection,

    /// <summary>What transfers let in by that brought their own.</summary>
    Transfer,

    /// <summary>What codes of second factors are made of.</summary>
    SecondFactor,

    /// <summary>Pieces of open uploads in a bucket, where objects are encrypted. They lie outside of the database.</summary>
    UploadPiece,
}

/// <summary>What sealing secrets of a kind anew came to.</summary>
/// <param name="Kind">Which.</param>
/// <param name="Count">How many there were.</param>
/// <param name="Resealed">How many of them were sealed anew.</param>
/// <param name="Unreadable">How many of them no key opens; they stay as they are.</param>
public sealed record ResealedSecrets(SecretKind Kind, int Count, int Resealed, int Unreadable);
