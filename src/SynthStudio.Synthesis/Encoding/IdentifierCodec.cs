using System.Text;
using System.Text.Json.Serialization;
using SynthStudio.Synthesis.Randomness;
using SynthStudio.Tabular;

namespace SynthStudio.Synthesis.Encoding;

/// <summary>
/// Keys: fresh values of the source's commonest length and shape, distinct within a sample, or as often repeated as those of the source, and none
/// of them a value of the source. The positions of a key have alphabets (digits, hexadecimal digits, letters) or a fixed character; one prefix that
/// no source key begins with is kept for the fresh ones. Once those are used up, keys get longer than any in the source.
/// </summary>
/// <param name="schema">The column.</param>
/// <param name="alphabets">Characters by position, in order; a single one is fixed.</param>
/// <param name="freshPrefix">Beginning that no key of the source has.</param>
/// <param name="longest">Length of the longest key of the source.</param>
/// <param name="presentCount">Training rows with a key.</param>
/// <param name="missingCount">Training rows without.</param>
/// <param name="repeats">How many rows share a key; null where keys are distinct.</param>
[method: JsonConstructor]
public sealed class IdentifierCodec(
    ColumnSchema schema, string[] alphabets, string freshPrefix, int longest, long presentCount, long missingCount, KeyRepeats? repeats = null)
    : ColumnCodec(schema)
{
    public string[] Alphabets { get; } = alphabets;

    public string FreshPrefix { get; } = freshPrefix;

    public int Longest { get; } = longest;

    public long PresentCount { get; } = presentCount;

    public long MissingCount { get; } = missingCount;

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public KeyRepeats? Repeats { get; } = repeats;

    [JsonIgnore]
    public override ColumnLayout Layout { get; } = PresenceLayout.Create(presentCount, missingCount);

    /// <summary>The same keys, repeated otherwise; null for each in one row.</summary>
    public IdentifierCodec WithRepeats(KeyRepeats? repeats) => new(Schema, Alphabets, FreshPrefix, Longest, PresentCount, MissingCount, repeats);

    public override ushort[] Encode(Column column) => PresenceLayout.Encode(column, Layout);

    public override Column Decode(ReadOnlySpan<ushort> cells, SeededStream random, long firstRow, long seed)
    {
        var codes = new int[cells.Length];
        var values = new string[cells.Length];
        var seedOfColumn = ColumnSeed.Of(seed, Schema.Name);
        var numbers = Repeats?.Numbers(firstRow, cells.Length, seed);
        for (int i = 0, value = 0; i < cells.Length; i++)
        {
            if (i == 0 || numbers is null || numbers[i] != numbers[i - 1]) value = i;
            codes[i] = PresentCount == 0 || PresenceLayout.IsMissing(cells[i], Layout) ? CodedColumn.Missing : value;
            values[i] = value < i ? values[value] : Fresh(numbers?[i] ?? firstRow + i, seedOfColumn);
        }

        return new CodedColumn(Schema, codes, values);
    }

    protected override int MissingCell => PresenceLayout.MissingCell(Layout);

    protected override Admission AdmitValues(IReadOnlyList<string> values) =>
        throw Impossible("identifiers are made anew for every row and cannot be given.");

    /// <summary>
    /// Key number <paramref name="number"/> of a sample: behind the fresh prefix first; then, with one more digit than any key of the source
    /// has, over all positions; then with two more, and so on. Digits are added before what all keys end with: 1234.0 becomes 12345.0.
    /// </summary>
    private string Fresh(long number, long seed)
    {
        var places = Alphabets[FreshPrefix.Length..];
        var capacity = FreshPrefix.Length == 0 ? 0 : PositionAlphabets.Capacity(places);
        var prefix = FreshPrefix;
        var end = Array.FindLastIndex(Alphabets, alphabet => alphabet.Length > 1) is var last and >= 0 ? last + 1 : Alphabets.Length;
        for (var more = Longest + 1 - Alphabets.Length; number >= capacity; more++)
        {
            number -= (long)capacity;
            (prefix, places) = ("", [.. Alphabets[..end], .. Enumerable.Repeat(PositionAlphabets.Digits, more), .. Alphabets[end..]]);
            capacity = PositionAlphabets.Capacity(places);
        }

        return prefix + Spell(number, capacity, places, seed);
    }

    /// <summary>The digits of a permuted counter, each place with its own alphabet.</summary>
    private static string Spell(long number, double capacity, string[] places, long seed)
    {
        // Below 2^62 keys the counter is permuted by an affine map modulo the capacity, else it is spread by the same map modulo 2^62.
        var modulus = (UInt128)Math.Min(capacity, 1L << 62);
        var state = new SeededStream(seed, StreamPurpose.GeneratedTexts, 0);
        var shift = (UInt128)state.NextBits() % modulus;
        var factor = Coprime((UInt128)state.NextBits() % modulus, modulus);
        var rest = ((UInt128)number * factor + shift) % modulus;
        var key = new StringBuilder(places.Length);
        foreach (var alphabet in places)
        {
            key.Append(alphabet[(int)(rest % (uint)alphabet.Length)]);
            rest /= (uint)alphabet.Length;
        }

        return key.ToString();
    }

    private static UInt128 Coprime(UInt128 candidate, UInt128 modulus)
    {
        for (candidate |= 1; ; candidate += 2)
        {
            var (a, b) = (candidate, modulus);
            while (b != 0) (a, b) = (b, a % b);
            if (a == 1) return candidate;
        }
    }
}
