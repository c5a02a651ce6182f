namespace SynthStudio.Tabular;

/// <summary>What a column tells of a person, the gravest first (terms of ISO/IEC 20889).</summary>
public enum Sensitivity
{
    /// <summary>Names the person by itself: a number, an address, a key, a text that holds such.</summary>
    DirectIdentifier,

    /// <summary>Names the person together with others that strangers may know.</summary>
    QuasiIdentifier,

    /// <summary>Nobody else's business: health, belief, origin, money.</summary>
    Sensitive,

    /// <summary>Nothing of that.</summary>
    None,
}
