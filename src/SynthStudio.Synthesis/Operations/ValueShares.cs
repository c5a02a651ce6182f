using System.Collections;

namespace SynthStudio.Synthesis.Operations;

/// <summary>Probabilities of values: numbers alone, of a row; which values they are is kept once for all rows.</summary>
/// <param name="names">The values.</param>
/// <param name="shares">Their probabilities, in that order.</param>
internal sealed class ValueShares(ValueNames names, double[] shares) : IReadOnlyDictionary<string, double>
{
    public int Count => shares.Length;

    public IEnumerable<string> Keys => names.Texts;

    public IEnumerable<double> Values => shares;

    public double this[string key] => TryGetValue(key, out var share) ? share : throw new KeyNotFoundException($"There is no value '{key}'.");

    public bool ContainsKey(string key) => names.PlaceOf(key) >= 0;

    public bool TryGetValue(string key, out double value)
    {
        var place = names.PlaceOf(key);
        value = place >= 0 ? shares[place] : 0;
        return place >= 0;
    }

    public IEnumerator<KeyValuePair<string, double>> GetEnumerator()
    {
        for (var i = 0; i < shares.Length; i++) yield return KeyValuePair.Create(names.Texts[i], shares[i]);
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
