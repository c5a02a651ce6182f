namespace SynthStudio.Catalog;

/// <summary>Who of a project's members may see rows of its real tables, and exact figures about few of them.</summary>
public enum RealRowPolicy
{
    Owners,

    /// <summary>Owners and editors.</summary>
    Editors,
    Nobody,
}
