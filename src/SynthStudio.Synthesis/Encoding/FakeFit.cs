using SynthStudio.Tabular;

namespace SynthStudio.Synthesis.Encoding;

/// <summary>
/// Learns how often invented values repeat: columns that must agree (the name and the e-mail address of one person) repeat together, as often as the one
/// among them that tells persons apart best. Names that many have, and places, tell nobody apart.
/// </summary>
internal sealed class FakeFit : IMeetsKeys
{
    private readonly HashSet<string> columns;
    private readonly int threshold;
    private readonly KeyCounts counts = new();
    private readonly Lazy<KeyRepeats?> repeats;

    private FakeFit(string name, HashSet<string> columns, int threshold)
    {
        (Name, this.columns, this.threshold) = (name, columns, threshold);
        repeats = new Lazy<KeyRepeats?>(Learned);
    }

    public string Name { get; }

    /// <summary>One for each set of columns that must agree, where they may repeat and one of them tells persons apart.</summary>
    /// <param name="table">Rows that are learned.</param>
    /// <param name="fakes">The invented columns.</param>
    /// <param name="thresholds">By column: so many persons must be about as frequent for that to be kept.</param>
    /// <param name="keyRows">Says which columns may repeat.</param>
    public static IReadOnlyList<FakeFit> Of(Table table, IReadOnlyCollection<FakeCodec> fakes, IReadOnlyDictionary<string, int> thresholds, KeyRows keyRows)
    {
        var fits = new List<FakeFit>();
        foreach (var group in fakes.Where(fake => MayRepeat(fake, fakes, keyRows)).GroupBy(fake => (fake.Person, Topic(fake))))
        {
            var names = group.Select(fake => fake.Schema.Name).ToHashSet(StringComparer.Ordinal);
            var best = group.Where(TellsApart)
                .Select(fake => fake.Schema.Name)
                .OrderByDescending(name => ((CodedColumn)table[name]).Codes.Distinct().Count())
                .FirstOrDefault();
            if (best is not null) fits.Add(new FakeFit(best, names, thresholds[best]));
        }

        return fits;
    }

    /// <summary>Whether an invented column may say the same in several rows: not where a rule forbids it of one that it must agree with.</summary>
    public static bool MayRepeat(FakeCodec fake, IEnumerable<FakeCodec> fakes, KeyRows keyRows) =>
        fakes.Where(other => other.Person == fake.Person && Topic(other) == Topic(fake)).All(other => keyRows.MayRepeat(other.Schema.Name));

    public void Add(CodedColumn column, bool counts)
    {
        if (counts) this.counts.Add(column);
    }

    /// <summary>The codec, repeating as was learned where it is one of these columns.</summary>
    public FakeCodec Finish(FakeCodec fake) => columns.Contains(fake.Schema.Name) && repeats.Value is { } learned ? fake.WithRepeats(learned) : fake;

    private KeyRepeats? Learned() => counts.PerKey() is { } keys && keys.Count >= threshold ? KeyRepeats.Of(keys, threshold, Name) : null;

    private static bool TellsApart(FakeCodec fake) =>
        fake.Schema.Class is not (ValueClass.FirstName or ValueClass.LastName or ValueClass.City or ValueClass.PostalCode or ValueClass.Country);

    /// <summary>What values have in common: -1 for names and what is made of them, -2 for places, else nothing but their class.</summary>
    private static int Topic(FakeCodec fake) => fake.Schema.Class switch
    {
        ValueClass.FirstName or ValueClass.LastName or ValueClass.FullName or ValueClass.UserName or ValueClass.Email or ValueClass.Url => -1,
        ValueClass.Street or ValueClass.City or ValueClass.PostalCode or ValueClass.Country or ValueClass.Address => -2,
        var about => (int)about!.Value,
    };
}
