using System.Text.Json.Serialization;
using SynthStudio.Mock;
using SynthStudio.Synthesis.Randomness;
using SynthStudio.Tabular;

namespace SynthStudio.Synthesis.Encoding;

/// <summary>
/// Names, addresses, e-mail addresses, card numbers and the like: invented ones, that agree with each other within a row where they are of one person.
/// Kept of the source are only how often a value is missing, and how many rows share a person.
/// </summary>
/// <param name="schema">The column; its class says what to invent.</param>
/// <param name="locale">Language of names and places.</param>
/// <param name="presentCount">Training rows with a value.</param>
/// <param name="missingCount">Training rows without.</param>
/// <param name="person">Which of a row's persons it is about, from 0; see <see cref="FakePersons"/>.</param>
/// <param name="repeats">How many rows share a person; null where each row has its own.</param>
[method: JsonConstructor]
public sealed class FakeCodec(ColumnSchema schema, string locale, long presentCount, long missingCount, int person = 0, KeyRepeats? repeats = null)
    : ColumnCodec(schema)
{
    private const string UsualLocale = "en";

    public string Locale { get; } = locale;

    public long PresentCount { get; } = presentCount;

    public long MissingCount { get; } = missingCount;

    /// <summary>Which of a row's persons it is about; 0 in packages older than it.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public int Person { get; } = person;

    /// <summary>How many rows share a person; null where each row has its own.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public KeyRepeats? Repeats { get; } = repeats;

    [JsonIgnore]
    public override ColumnLayout Layout { get; } = PresenceLayout.Create(presentCount, missingCount);

    protected override int MissingCell => PresenceLayout.MissingCell(Layout);

    /// <summary>Whether a column has a class whose values are invented: not where it, as a key or in shapes of its own, is better made another way.</summary>
    public static bool Invents(ColumnSchema column) => column is { Kind: ColumnKind.Identifier or ColumnKind.Text, Class: { } about and not ValueClass.Phone }
        && (column.Kind == ColumnKind.Text || FakeValues.CanBeUnique(about));

    /// <summary>
    /// By column of a table that invents values of a class, whose they are. A column that declares no locale has the first that is declared
    /// of its person: an e-mail address is made of the name.
    /// </summary>
    /// <exception cref="SynthesisException">A declared locale is unknown.</exception>
    public static IReadOnlyDictionary<string, FakePerson> Persons(IEnumerable<ColumnSchema> columns)
    {
        var invented = columns.Where(Invents).ToList();
        var numbers = FakePersons.ByName([.. invented.Select(column => (column.Name, column.Class!.Value))]);
        var locales = new Dictionary<int, string>();
        foreach (var column in invented.Where(column => column.Locale is not null)) locales.TryAdd(numbers[column.Name], Known(column));
        return invented.ToDictionary(
            column => column.Name,
            column => new FakePerson(numbers[column.Name], column.Locale ?? locales.GetValueOrDefault(numbers[column.Name], UsualLocale)),
            StringComparer.Ordinal);
    }

    /// <summary>The codec of a column that <see cref="Invents"/> values.</summary>
    public static FakeCodec Fit(CodedColumn column, FakePerson person)
    {
        var missing = column.Codes.LongCount(code => code == CodedColumn.Missing);
        return new FakeCodec(column.Schema, person.Locale, column.Count - missing, missing, person.Number);
    }

    /// <summary>The same values, repeated otherwise; null for one in each row.</summary>
    public FakeCodec WithRepeats(KeyRepeats? repeats) => new(Schema, Locale, PresentCount, MissingCount, Person, repeats);

    public override ushort[] Encode(Column column) => PresenceLayout.Encode(column, Layout);

    public override Column Decode(ReadOnlySpan<ushort> cells, SeededStream random, long firstRow, long seed)
    {
        var fakes = new FakeValues(Locale, seed, unique: Schema.Kind == ColumnKind.Identifier, Person);
        var codes = new int[cells.Length];
        var values = new string[cells.Length];
        var numbers = Repeats?.Numbers(firstRow, cells.Length, seed);
        for (int i = 0, value = 0; i < cells.Length; i++)
        {
            if (i == 0 || numbers is null || numbers[i] != numbers[i - 1]) value = i;
            codes[i] = PresentCount == 0 || PresenceLayout.IsMissing(cells[i], Layout) ? CodedColumn.Missing : value;
            values[i] = value < i ? values[value] : fakes.Text(Schema.Class!.Value, numbers?[i] ?? firstRow + i);
        }

        return new CodedColumn(Schema, codes, values);
    }

    private static string Known(ColumnSchema column) => FakeValues.Locales.Contains(column.Locale!) ? column.Locale! : throw new SynthesisException(
        SynthesisError.OptionOutOfRange, $"Column '{column.Name}': the locale '{column.Locale}' is unknown; known are {string.Join(", ", FakeValues.Locales)}.", column.Name);

    protected override Admission AdmitValues(IReadOnlyList<string> values) =>
        throw Impossible("its values are invented for every row and cannot be given.");
}
