namespace SynthStudio.Catalog;

/// <summary>
/// Something that is hidden for a while when it was deleted, and can be brought back, before it goes for
/// good. Meanwhile its name is not given out again.
/// </summary>
public interface IDeletable
{
    /// <summary>When it was deleted; null while it lives.</summary>
    DateTimeOffset? DeleteTime { get; }

    /// <summary>When it goes for good; null while it lives. The beginning of time once that has begun: it does not come back then.</summary>
    DateTimeOffset? PurgeTime { get; }
}
