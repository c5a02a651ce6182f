namespace SynthStudio.Synthesis.Operations;

/// <summary>The values of a column that have probabilities.</summary>
/// <param name="texts">Distinct.</param>
internal sealed class ValueNames(IReadOnlyList<string> texts)
{
    private readonly Dictionary<string, int> places = texts.Index().ToDictionary(text => text.Item, text => text.Index, StringComparer.Ordinal);

    /// <summary>The values in order.</summary>
    public IReadOnlyList<string> Texts { get; } = texts;

    /// <summary>Where a value stands; -1 where it does not.</summary>
    public int PlaceOf(string text) => places.GetValueOrDefault(text, -1);
}
