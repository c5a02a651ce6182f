namespace SynthStudio.Tabular;

/// <summary>
/// Collects one column: first every cell as a code into its distinct texts, then, when all are seen, decides what they mean and translates
/// each distinct text once.
/// </summary>
internal sealed class ColumnBuilder(string name, ColumnDeclaration? declared)
{
    private readonly TextDictionary texts = new();
    private readonly PersonalDataDetector personal = new(name);
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

    /// <summary>Adds one cell.</summary>
    public void Add(ReadOnlySpan<byte> text, bool isMissing)
    {
        Reserve(1);
        codes[count++] = isMissing ? CodedColumn.Missing : texts.Code(text);
    }

    /// <summary>The finished column and why it has its kind. <paramref name="exact"/> is a schema it must have in the end.</summary>
    /// <exception cref="TableException">A value does not fit the declaration.</exception>
    public (Column Column, string Reason) Finish(ColumnSchema? exact, bool invalidIsMissing)
    {
        Array.Resize(ref codes, count);
        var declaration = exact is null ? declared : Lenient(exact);
        var evidence = Collect(declaration);
        var inferred = declaration is null ? SchemaInference.Infer(name, evidence, personal.Findings()) : SchemaInference.Resolve(declaration, evidence);
        var translator = new ColumnTranslator(texts, codes, inferred.Schema, invalidIsMissing);
        var schema = exact ?? inferred.Schema;
        Column column = inferred.Schema.IsNumeric ? translator.Numbers(schema) : translator.Codes(schema);
        if (declaration is { Nullable: false } && exact is null)
        {
            RefuseMissing(column);
        }

        return (column, inferred.Reason);
    }

    private void Add(TextVector vector, int rows)
    {
        Reserve(rows);
        var target = codes.AsSpan(count, rows);
        for (var row = 0; row < target.Length; row++)
        {
            target[row] = vector.IsNull(row) ? CodedColumn.Missing : texts.Code(in vector[row]);
        }

        count += rows;
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
        Format = null,
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

        var formats = declaration?.Kind is DeclaredKind.DateTime or DeclaredKind.Date or DeclaredKind.Time
            ? MomentFormats.Declared
            : MomentFormats.Recognised;
        var evidence = new ColumnEvidence(formats, declaration?.Kind is DeclaredKind.Numerical or DeclaredKind.Integer or DeclaredKind.Decimal);
        evidence.AddMissing(missing);
        for (var code = 0; code < rows.Length; code++)
        {
            var text = NullText.Trim(texts.Bytes(code));
            evidence.Add(text, rows[code]);
            if (declaration is null && !NullText.IsNull(text))
            {
                personal.Add(text);
            }
        }

        return evidence;
    }
}
