using System.Text;

namespace SynthStudio.Tabular;

/// <summary>
/// What the distinct texts of a column say of its kind. Fed once with every distinct text and how often it occurs, in any order; the reader
/// does so from its dictionaries, the profiler from a grouped query, so that both decide alike.
/// </summary>
internal sealed class ColumnEvidence(ColumnDeclaration? declared)
{
    private const int BooleanTexts = 2;
    private const string CodeText = "NA";
    private readonly bool declaredNumbers = declared?.Kind is DeclaredKind.Numerical or DeclaredKind.Integer or DeclaredKind.Decimal;
    private readonly bool undeclared = declared is null;
    private readonly MoneyFormat? declaredMoney = MoneyFormat.Of(declared?.Format);
    private readonly List<string> firstTexts = [];
    private readonly SortedSet<string> marks = new(StringComparer.Ordinal);
    private MissingTexts missing = new(MissingMarkers.Of(declared), declared?.Order);

    public MomentEvidence Moments { get; } = new(
        declared?.Kind is DeclaredKind.DateTime or DeclaredKind.Date or DeclaredKind.Time ? MomentFormats.Declared : MomentFormats.Recognised);

    public DurationEvidence Durations { get; } = new(
        declared?.Kind is DeclaredKind.Duration ? DurationFormats.Declared : DurationFormats.Recognised);

    /// <summary>Of what is not declared; a declared format of money is not looked for, but read.</summary>
    public MoneyEvidence Money { get; } = new();

    /// <summary>Codes of two letters, of what is not declared.</summary>
    public CodeEvidence Codes { get; } = new();

    /// <summary>Which texts mean a missing value; null for the usual ones.</summary>
    public MissingMarkers? Markers { get; private set; } = MissingMarkers.Of(declared);

    /// <summary>The texts that were read as missing values, one of <see cref="Markers"/> each.</summary>
    public IReadOnlyCollection<string> Marks => marks;

    /// <summary>Rows with one of <see cref="Marks"/>.</summary>
    public long MarkedRows { get; private set; }

    /// <summary>Rows with a missing value.</summary>
    public long Missing { get; private set; }

    /// <summary>Rows with a value.</summary>
    public long Present { get; private set; }

    /// <summary>Distinct values that are not missing.</summary>
    public long Distinct { get; private set; }

    /// <summary>Rows that hold a lone question mark, a dash or the like, missing in numbers and times only.</summary>
    public long Unknown { get; private set; }

    /// <summary>Rows that hold an infinity, missing in numbers.</summary>
    public long Infinite { get; private set; }

    /// <summary>Distinct texts that are numbers in the usual spelling.</summary>
    public long Numbers { get; private set; }

    /// <summary>Distinct texts that are numbers with needless zeros or a plus sign in front.</summary>
    public long PaddedNumbers { get; private set; }

    /// <summary>Distinct texts that are no numbers at all, nor unknown or infinite.</summary>
    public long NotNumbers { get; private set; }

    /// <summary>Rows that hold one of these.</summary>
    public long NotNumberRows { get; private set; }

    public bool AllWhole { get; private set; } = true;

    /// <summary>Rows whose number is spelled with a decimal point or an exponent.</summary>
    public long WithPoint { get; private set; }

    /// <summary>Whether whole numbers occur that doubles cannot tell apart.</summary>
    public bool BeyondExact { get; private set; }

    public int MostPlaces { get; private set; }

    public int LeastPlaces { get; private set; } = int.MaxValue;

    public int MostDigits { get; private set; }

    public double Minimum { get; private set; } = double.PositiveInfinity;

    public double Maximum { get; private set; } = double.NegativeInfinity;

    /// <summary>Bytes of all values together, every row counted.</summary>
    public long TotalBytes { get; private set; }

    public int LeastBytes { get; private set; } = int.MaxValue;

    public int MostBytes { get; private set; }

    /// <summary>Distinct texts with white space inside.</summary>
    public long WithSpace { get; private set; }

    /// <summary>Cells that are JSON objects or lists.</summary>
    public NestedEvidence Nested { get; } = new();

    /// <summary>The first distinct texts, as many as a boolean column may have and one more.</summary>
    public IReadOnlyList<string> FirstTexts => firstTexts;

    public bool AllNumbers => Numbers > 0 && NotNumbers == 0 && PaddedNumbers == 0;

    /// <summary>Whether a trimmed text means a missing value, whatever the column's kind.</summary>
    public bool IsMissing(ReadOnlySpan<byte> text) => missing.IsNull(text);

    /// <summary>Counts NA as a value after all, where the other texts are codes of which it is one. To be asked when all texts were seen.</summary>
    /// <returns>The rows that hold it, so far counted as missing; 0 where it stays a missing value.</returns>
    public long TakeCode()
    {
        if (!Codes.NotAvailableIsOne || Markers is not null) return 0;
        var rows = Codes.NotAvailable;
        Missing -= rows;
        MarkedRows -= rows;
        marks.Remove(CodeText);
        Markers = MissingMarkers.Usual.Except(CodeText);
        missing = new MissingTexts(Markers, null);
        Add("NA"u8, rows);
        return rows;
    }

    /// <summary>Counts missing rows in.</summary>
    public void AddMissing(long rows) => Missing += rows;

    /// <summary>Counts a trimmed text in, that occurs in <paramref name="rows"/> rows, and comes only once.</summary>
    /// <returns>What the text is as a number, so that the caller need not read it again.</returns>
    public NumberText Add(ReadOnlySpan<byte> text, long rows)
    {
        if (IsMissing(text))
        {
            Missing += rows;
            if (text.Length > 0) AddMark(text, rows);
            return default;
        }

        Distinct++;
        Present += rows;
        TotalBytes += text.Length * rows;
        LeastBytes = Math.Min(LeastBytes, text.Length);
        MostBytes = Math.Max(MostBytes, text.Length);
        if (firstTexts.Count <= BooleanTexts)
        {
            firstTexts.Add(Encoding.UTF8.GetString(text.Length <= 64 ? text : text[..64]));
        }

        if (missing.IsUnknown(text))
        {
            Unknown += rows;
            return default;
        }

        if (undeclared) Codes.Add(text, rows);

        if (undeclared) Nested.Add(text, rows);
        WithSpace += text.Contains((byte)' ') ? 1 : 0;
        var number = declaredNumbers || declaredMoney is not null ? DeclaredNumber.Read(text, declaredMoney) : NumberText.Read(text);
        AddNumber(number, rows);
        if (number.Shape != NumberShape.Infinite)
        {
            Moments.Add(text, rows);
        }

        if (undeclared && Money.Possible)
        {
            Money.Add(text, rows);
        }

        if (Durations.Possible && number.Shape != NumberShape.Infinite)
        {
            Durations.Add(text, rows);
        }

        return number;
    }

    private void AddMark(ReadOnlySpan<byte> text, long rows)
    {
        MarkedRows += rows;
        marks.Add(Encoding.UTF8.GetString(text));
        if (undeclared && text.SequenceEqual("NA"u8)) Codes.AddNotAvailable(rows);
    }

    private void AddNumber(NumberText number, long rows)
    {
        switch (number.Shape)
        {
            case NumberShape.None:
                NotNumbers++;
                NotNumberRows += rows;
                return;
            case NumberShape.Infinite:
                Infinite += rows;
                return;
            case NumberShape.Padded:
                PaddedNumbers++;
                break;
            default:
                Numbers++;
                break;
        }

        var whole = number.Value == Math.Floor(number.Value);
        AllWhole &= whole;
        BeyondExact |= whole && !number.HasPoint && Math.Abs(number.Value) > NumberText.LargestExact;
        WithPoint += number.HasPoint ? rows : 0;
        MostPlaces = Math.Max(MostPlaces, number.Places);
        LeastPlaces = Math.Min(LeastPlaces, number.Places);
        MostDigits = Math.Max(MostDigits, number.Digits);
        Minimum = Math.Min(Minimum, number.Value);
        Maximum = Math.Max(Maximum, number.Value);
    }
}
