namespace SynthStudio.Tabular;

/// <summary>
/// Collects one column: first every cell as a code into its distinct texts, then, when all are seen, decides what they mean and translates
/// each distinct text once.
/// </summary>
/// <param name="name">The column's name.</param>
/// <param name="declared">What the user says of it; null infers everything.</param>
/// <param name="firstRow">Number of its first cell's row in the file, from 0, for messages.</param>
internal sealed class ColumnBuilder(string name, ColumnDeclaration? declared, long firstRow = 0)
{
    private readonly TextDictionary texts = new();
    private readonly PersonalDataDetector personal = new(name);
    private readonly Dictionary<int, long> unsampled = [];
    private KindWatch? watch;
    private int[] codes = new int[2048];
    private int count;

    /// <summary>Adds the cells of a batch's column numbered <paramref name="column"/>.</summary>
    public void Add(TextBatch batch, int column)
    {
        foreach (var chunk in batch.Chunks)
        {
            Add(chunk.Column(column), chunk.Rows);
        }
    }

    /// <summary>Adds the cells of a chunk in the rows numbered <paramref name="chosen"/>.</summary>
    public void Add(TextVector vector, ReadOnlySpan<int> chosen)
    {
        Reserve(chosen.Length);
        foreach (var row in chosen)
        {
            codes[count++] = vector.IsNull(row) ? CodedColumn.Missing : texts.Code(in vector[row]);
        }
    }

    /// <summary>Looks at the cells of a chunk of which some are added: they count for the column's kind, and for nothing else.</summary>
    /// <param name="vector">The chunk's column.</param>
    /// <param name="rows">All its rows.</param>
    /// <param name="first">Number of its first row in the file, from 0.</param>
    public void Watch(TextVector vector, int rows, long first) => (watch ??= new KindWatch(declared)).Look(vector, rows, first);

    /// <summary>Adds the cells of a chunk.</summary>
    public void Add(TextVector vector, int rows)
    {
        Reserve(rows);
        var target = codes.AsSpan(count, rows);
        for (var row = 0; row < target.Length; row++)
        {
            target[row] = vector.IsNull(row) ? CodedColumn.Missing : texts.Code(in vector[row]);
        }

        count += rows;
    }

    /// <summary>Adds one cell.</summary>
    public void Add(ReadOnlySpan<byte> text, bool isMissing)
    {
        Reserve(1);
        codes[count++] = isMissing ? CodedColumn.Missing : texts.Code(text);
    }

    /// <summary>The finished column and why it has its kind.</summary>
    /// <param name="exact">A schema the column must have in the end; null leaves it to declaration and data.</param>
    /// <param name="invalidIsMissing">Whether values that do not fit are missing ones.</param>
    /// <param name="samePlace">Whether dates and times are spelled as <paramref name="exact"/> says, since it came from the same file.</param>
    /// <param name="values">The categories declared of a column that is <paramref name="exact"/>; null where none are.</param>
    /// <param name="byItself">As <see cref="ReadOptions.CellsByThemselves"/>.</param>
    /// <exception cref="TableException">A value does not fit the declaration.</exception>
    public (Column Column, string Reason) Finish(
        ColumnSchema? exact, bool invalidIsMissing, bool samePlace = false, IReadOnlyList<string>? values = null, bool byItself = false)
    {
        Array.Resize(ref codes, count);
        var declaration = exact is null ? declared : Lenient(exact);
        if (samePlace && declaration is not null && exact is not null && (exact.IsMoment || exact.Kind == ColumnKind.Duration))
        {
            declaration = declaration with { Format = exact.Format };
        }

        var evidence = Collect(declaration);
        if (declaration is { Kind: DeclaredKind.Duration, Format: null } && evidence.Durations.Format is null)
        {
            declaration = declaration with { Format = exact?.Format };
        }

        // Where the schema has several offsets its moments are in UTC, so these are, too, although all of them may have one; where it has one, these
        // become the local times of that one.
        var fixedOffset = exact is null ? 0 : CellText.FixedOffset(exact);
        var relocated = false;
        if (exact is { Kind: ColumnKind.DateTime } && declaration is { Format: null } && (fixedOffset != 0 || MomentFormats.Of(exact).HasOffset))
        {
            declaration = declaration with { Format = evidence.Moments.Format?.Pattern };
            relocated = fixedOffset != 0 && evidence.Moments.Format is { HasOffset: true };
        }

        var inferred = declaration is null ? SchemaInference.Infer(name, evidence, personal.Findings()) : SchemaInference.Resolve(declaration, evidence);
        var isIso = byItself && declaration is { Format: null, Kind: DeclaredKind.DateTime or DeclaredKind.Date or DeclaredKind.Time or DeclaredKind.Duration };
        if (isIso)
        {
            inferred = inferred with
            {
                Schema = inferred.Schema with { Kind = Enum.Parse<ColumnKind>(declaration!.Kind.ToString()), Format = null },
            };
        }

        var hasSlips = declaration is null
            ? evidence.Moments.Usual is not null && inferred.Schema.IsMoment
            : samePlace && exact is { Nullable: true, IsMoment: true };
        var listed = exact is null ? declared?.Values : values;
        var translator = new ColumnTranslator(
            texts, codes, inferred.Schema, invalidIsMissing || hasSlips, firstRow, unsampled,
            listed?.Contains(ColumnDomain.Other) == true ? listed.ToHashSet(StringComparer.Ordinal) : null);
        var schema = exact ?? inferred.Schema;
        Column column = inferred.Schema.IsNumeric
            ? translator.Numbers(schema, isIso)
            : translator.Codes(schema, byItself ? declared?.Values : null);
        if (relocated)
        {
            var moments = (NumericColumn)column;
            column = new NumericColumn(schema, Array.ConvertAll(moments.Values, utc => utc + (60.0 * fixedOffset))) { InvalidCells = moments.InvalidCells };
        }

        if (declaration is { Nullable: false } && exact is null && !byItself)
        {
            RefuseMissing(column);
        }

        return (column, inferred.Reason);
    }

    private void Reserve(int rows)
    {
        if (count + rows > codes.Length)
        {
            Array.Resize(ref codes, (int)Math.Min(Array.MaxLength, Math.Max(count + rows, codes.Length * 2L)));
        }
    }

    // Another table of the same schema may spell its numbers and times differently, and have fractions where ours had none.
    private static ColumnDeclaration Lenient(ColumnSchema exact) => ColumnDeclaration.From(exact) with
    {
        Kind = exact.Kind switch
        {
            ColumnKind.Integer or ColumnKind.Decimal => DeclaredKind.Numerical,
            ColumnKind.DateTime or ColumnKind.Date => DeclaredKind.DateTime,
            ColumnKind.Boolean => DeclaredKind.Categorical,
            _ => ColumnDeclaration.From(exact).Kind,
        },
        DecimalPlaces = null,
        Format = MoneyFormat.Of(exact.Format)?.Pattern, // What it separates groups by cannot be told from one number.
    };

    private static void RefuseMissing(Column column)
    {
        for (var row = 0; row < column.Count; row++)
        {
            if (column.IsMissing(row))
            {
                throw new TableException(
                    TableError.InvalidValue,
                    $"Column '{column.Name}' is declared without missing values, but row {row + 1} has none.",
                    column.Name,
                    row + 1);
            }
        }
    }

    private ColumnEvidence Collect(ColumnDeclaration? declaration)
    {
        var sampled = texts.Count;
        foreach (var (text, row) in watch?.Witnesses ?? [])
        {
            if (texts.Code(text) is var code && code >= sampled)
            {
                unsampled.TryAdd(code, row);
            }
        }

        var rows = new long[texts.Count];
        long missing = 0;
        foreach (var code in codes)
        {
            if (code < 0)
            {
                missing++;
            }
            else
            {
                rows[code]++;
            }
        }

        var evidence = new ColumnEvidence(declaration);
        evidence.AddMissing(missing == 0 && watch is { SawMissing: true } ? 1 : missing);
        for (var code = 0; code < rows.Length; code++)
        {
            var text = NullText.Trim(texts.Bytes(code));
            evidence.Add(text, Math.Max(rows[code], 1));
            if (declaration is null && !evidence.IsMissing(text) && code < sampled)
            {
                personal.Add(text);
            }
        }

        if (watch is { SawManySlips: true }) evidence.Moments.Distrust();
        evidence.TakeCode();
        return evidence;
    }
}
