using System.Text;
using System.Text.Json.Serialization;
using SynthStudio.Synthesis.Randomness;
using SynthStudio.Tabular;

namespace SynthStudio.Synthesis.Encoding;

/// <summary>
/// Free text, and categories that are all rare: replaced by made-up words. Kept of the source are only how many words a text has, how
/// long they are, as far as enough share that, and how often a text is missing; no character of it.
/// </summary>
/// <param name="schema">The column.</param>
/// <param name="wordCounts">Texts by number of words - 1, the last one standing for all longer texts.</param>
/// <param name="wordLengths">Words by number of letters - 1, the last one standing for all longer words.</param>
/// <param name="presentCount">Training rows with a text.</param>
/// <param name="missingCount">Training rows without.</param>
[method: JsonConstructor]
public sealed class TextCodec(ColumnSchema schema, long[] wordCounts, long[] wordLengths, long presentCount, long missingCount)
    : ColumnCodec(schema)
{
    private const int MaxWords = 64, MaxLetters = 16, UsualLetters = 5;
    private const string Consonants = "bcdfglmnprstv", Vowels = "aeiou";

    public long[] WordCounts { get; } = wordCounts;

    public long[] WordLengths { get; } = wordLengths;

    public long PresentCount { get; } = presentCount;

    public long MissingCount { get; } = missingCount;

    [JsonIgnore]
    public override ColumnLayout Layout { get; } = PresenceLayout.Create(presentCount, missingCount);

    /// <summary>Learns how long texts and words are.</summary>
    /// <param name="column">The texts.</param>
    /// <param name="threshold">So many must be about as long for that to be kept.</param>
    public static TextCodec Fit(CodedColumn column, int threshold)
    {
        long[] words = new long[MaxWords], letters = new long[MaxLetters];
        long missing = 0;
        foreach (var code in column.Codes)
        {
            if (code == CodedColumn.Missing)
            {
                missing++;
                continue;
            }

            var parts = column.Values[code].Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
            words[Math.Clamp(parts.Length, 1, MaxWords) - 1]++;
            foreach (var part in parts) letters[Math.Min(part.Length, MaxLetters) - 1]++;
        }

        if (letters.Sum() == 0) letters[UsualLetters - 1] = 1;
        if (words.Sum() == 0) words[0] = 1;
        return new TextCodec(
            column.Schema, Shared(words, threshold, 0), Shared(letters, threshold, UsualLetters - 1), column.Count - missing, missing);
    }

    /// <summary>
    /// Counts of lengths, gathered until enough texts are about as long: they count as their mean, and too few in all as
    /// <paramref name="otherwise"/>.
    /// </summary>
    private static long[] Shared(long[] counts, int threshold, int otherwise)
    {
        var shared = new long[counts.Length];
        var last = -1;
        long run = 0, lengths = 0;
        for (var length = 0; length < counts.Length; length++)
        {
            run += counts[length];
            lengths += counts[length] * length;
            if (run == 0 || run < threshold) continue;
            last = (int)Math.Round((double)lengths / run);
            shared[last] += run;
            (run, lengths) = (0, 0);
        }

        shared[last < 0 ? otherwise : last] += run;
        return shared;
    }

    public override ushort[] Encode(Column column) => PresenceLayout.Encode(column, Layout);

    public override Column Decode(ReadOnlySpan<ushort> cells, SeededStream random, long firstRow, long seed)
    {
        var codes = new int[cells.Length];
        var values = new string[cells.Length];
        var seedOfColumn = ColumnSeed.Of(seed, Schema.Name);
        for (var i = 0; i < cells.Length; i++)
        {
            codes[i] = PresentCount == 0 || PresenceLayout.IsMissing(cells[i], Layout) ? CodedColumn.Missing : i;
            values[i] = MakeUp(new SeededStream(seedOfColumn, StreamPurpose.GeneratedTexts, firstRow + i));
        }

        return new CodedColumn(Schema, codes, values);
    }

    protected override int MissingCell => PresenceLayout.MissingCell(Layout);

    protected override Admission AdmitValues(IReadOnlyList<string> values) =>
        throw Impossible("free text is made up for every row and cannot be given.");

    private string MakeUp(SeededStream random)
    {
        var text = new StringBuilder();
        for (var words = Draw(WordCounts, random) + 1; words > 0; words--)
        {
            if (text.Length > 0) text.Append(' ');
            var startsWithVowel = random.NextInt(2);
            for (int letter = 0, letters = Draw(WordLengths, random) + 1; letter < letters; letter++)
            {
                var alphabet = (letter + startsWithVowel) % 2 == 0 ? Consonants : Vowels;
                text.Append(alphabet[random.NextInt(alphabet.Length)]);
            }
        }

        return text.ToString();
    }

    private static int Draw(long[] weights, SeededStream random)
    {
        var left = random.NextDouble() * weights.Sum();
        var i = 0;
        while (i < weights.Length - 1 && left >= weights[i]) left -= weights[i++];
        return i;
    }
}
