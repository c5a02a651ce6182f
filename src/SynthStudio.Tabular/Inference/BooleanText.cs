namespace SynthStudio.Tabular;

/// <summary>Pairs of texts that mean yes and no.</summary>
internal static class BooleanText
{
    private static readonly (string Yes, string No)[] Pairs =
    [
        ("true", "false"), ("t", "f"), ("yes", "no"), ("y", "n"), ("ja", "nein"), ("j", "n"), ("oui", "non"), ("si", "no"), ("on", "off"),
        ("1", "0"), ("1.0", "0.0"),
    ];

    /// <summary>Whether the two texts are one of the pairs, whatever their case.</summary>
    public static bool IsPair(string a, string b) => Array.Exists(Pairs, p => (Same(a, p.Yes) && Same(b, p.No)) || (Same(a, p.No) && Same(b, p.Yes)));

    /// <summary>Whether the text is the one of its pair that means yes.</summary>
    public static bool IsYes(string text) => Array.Exists(Pairs, p => Same(text, p.Yes));

    private static bool Same(string a, string b) => string.Equals(a, b, StringComparison.OrdinalIgnoreCase);
}
