using SynthStudio.Tabular;

namespace SynthStudio.Evaluation.Encoding;

/// <summary>Brings tables into one common encoding.</summary>
internal static class TableEncoder
{
    /// <summary>Whether columns of this kind are scored: keys, free text and ignored columns are not.</summary>
    public static bool IsScored(ColumnKind kind) => kind is not (ColumnKind.Identifier or ColumnKind.Text or ColumnKind.Ignored);

    /// <exception cref="TableException">A table lacks a scored column of the training table, or holds it as another kind.</exception>
    public static EncodedTables Encode(Table train, Table synthetic, Table? holdout)
    {
        var schemas = train.Schema.Columns.Where(c => IsScored(c.Kind)).ToArray();
        Table[] tables = holdout is null ? [train, synthetic] : [train, synthetic, holdout];
        string[] names = ["training", "synthetic", "holdout"];
        var found = schemas.Select(schema => tables.Select((table, t) => Find(table, schema, names[t])).ToArray()).ToArray();
        var encodings = new ColumnEncoding[schemas.Length];
        var numbers = tables.Select(_ => new double[]?[schemas.Length]).ToArray();
        var codes = tables.Select(_ => new int[]?[schemas.Length]).ToArray();

        Parallel.For(0, schemas.Length, i =>
        {
            if (schemas[i].IsNumeric)
            {
                encodings[i] = new ColumnEncoding(schemas[i], []);
                for (var t = 0; t < tables.Length; t++)
                {
                    numbers[t][i] = ((NumericColumn)found[i][t]).Values;
                }
            }
            else
            {
                var (categories, coded) = EncodeCategories(Array.ConvertAll(found[i], column => (CodedColumn)column));
                encodings[i] = new ColumnEncoding(schemas[i], categories);
                for (var t = 0; t < tables.Length; t++)
                {
                    codes[t][i] = coded[t];
                }
            }
        });

        var encoded = tables.Select((table, t) => new EncodedTable(encodings, numbers[t], codes[t], table.RowCount)).ToArray();
        return new EncodedTables(encodings, encoded[0], encoded[1], encoded.ElementAtOrDefault(2));
    }

    /// <summary>Another table in the encoding of those that were encoded; a category that none of them has counts as one that is like no other.</summary>
    /// <exception cref="TableException">It lacks a column, or holds it as another kind.</exception>
    public static EncodedTable EncodeLike(Table table, IReadOnlyList<ColumnEncoding> columns)
    {
        var (numbers, codes) = (new double[]?[columns.Count], new int[]?[columns.Count]);
        for (var i = 0; i < columns.Count; i++)
        {
            var column = Find(table, columns[i].Schema, "shadow");
            if (columns[i].IsNumeric)
            {
                numbers[i] = ((NumericColumn)column).Values;
                continue;
            }

            var coded = (CodedColumn)column;
            var truth = CategoryText.TruthSpelling(columns[i].Categories);
            var map = Array.ConvertAll(coded.Values, text =>
            {
                var spelling = CategoryText.Canonical(text);
                var code = Array.BinarySearch(columns[i].Categories, truth.GetValueOrDefault(spelling, spelling), StringComparer.Ordinal);
                return code >= 0 ? code : columns[i].Categories.Length;
            });
            codes[i] = Array.ConvertAll(coded.Codes, code => code == CodedColumn.Missing ? EncodedTable.MissingCode : map[code]);
        }

        return new EncodedTable(columns, numbers, codes, table.RowCount);
    }

    private static Column Find(Table table, ColumnSchema schema, string tableName)
    {
        var column = table.Columns.FirstOrDefault(c => c.Name == schema.Name)
            ?? throw new TableException(
                TableError.MissingColumn, $"The {tableName} table has no column '{schema.Name}', which the training table has.", schema.Name);
        return column is NumericColumn == schema.IsNumeric
            ? column
            : throw new TableException(
                TableError.InvalidSchema,
                $"Column '{schema.Name}' of the {tableName} table is not {schema.Kind} as in training: read both with the training table's schema.",
                schema.Name);
    }

    /// <summary>The sorted texts that occur in any of the columns, and each column's codes into them.</summary>
    private static (string[] Categories, int[][] Codes) EncodeCategories(CodedColumn[] columns)
    {
        var texts = Array.ConvertAll(columns, OccurringTexts);
        var truth = CategoryText.TruthSpelling([.. texts[0].OfType<string>()]);
        foreach (var side in texts)
        {
            for (var i = 0; i < side.Length; i++)
            {
                side[i] = side[i] is { } text && truth.TryGetValue(text, out var spelling) ? spelling : side[i];
            }
        }

        var categories = texts.SelectMany(side => side.OfType<string>()).Distinct().ToArray();
        Array.Sort(categories, StringComparer.Ordinal);
        var codeOf = categories.Select((text, code) => (text, code)).ToDictionary(p => p.text, p => p.code, StringComparer.Ordinal);
        var codes = columns.Select((column, t) =>
        {
            var map = Array.ConvertAll(texts[t], text => text is null ? EncodedTable.MissingCode : codeOf[text]);
            return Array.ConvertAll(column.Codes, code => code == CodedColumn.Missing ? EncodedTable.MissingCode : map[code]);
        }).ToArray();
        return (categories, codes);
    }

    /// <summary>The one spelling of each of a column's values, null for values that no row has.</summary>
    private static string?[] OccurringTexts(CodedColumn column)
    {
        var texts = new string?[column.Values.Length];
        foreach (var code in column.Codes)
        {
            if (code != CodedColumn.Missing)
            {
                texts[code] ??= CategoryText.Canonical(column.Values[code]);
            }
        }

        return texts;
    }
}
