namespace SynthStudio.Tabular;

/// <summary>Decides kinds from evidence: what a declaration leaves open, or everything when there is none.</summary>
internal static class SchemaInference
{
    /// <summary>Up to so many distinct values a text column is a set of categories, however few rows it has.</summary>
    private const int FewCategories = 50;

    /// <summary>Of so many rows, one that holds no number, duration or amount is said to be one among those.</summary>
    private const int NumbersPerWord = 20;

    /// <summary>Decides about a column that nothing was declared of.</summary>
    /// <exception cref="TableException">Its cells are JSON objects or lists.</exception>
    public static InferredColumn Infer(string name, ColumnEvidence evidence, IReadOnlyList<PersonalDataFinding> findings)
    {
        RefuseNested(name, evidence);
        var (kind, reason) = InferKind(name, evidence);
        reason += OfWords(name, kind, evidence) + OfMarks(kind, evidence);
        if (ClassInference.IsPersonalNumber(kind, evidence, findings))
        {
            (kind, reason) = (ColumnKind.Identifier, $"personal data (a number of persons): new values are invented{OfMarks(ColumnKind.Identifier, evidence)}");
        }

        if (ClassInference.Of(name, kind, evidence, findings) is { } about)
        {
            kind = kind == ColumnKind.Identifier ? kind : ColumnKind.Text;
            var column = new ColumnSchema { Name = name, Kind = kind, Class = about };
            return new InferredColumn(Complete(column, evidence), $"personal data ({SchemaWriter.SnakeName(about)}): new values are invented{OfMarks(kind, evidence)}");
        }

        return new InferredColumn(Complete(new ColumnSchema { Name = name, Kind = kind }, evidence), reason);
    }

    /// <summary>Fills in what <paramref name="declared"/> leaves open.</summary>
    public static InferredColumn Resolve(ColumnDeclaration declared, ColumnEvidence evidence)
    {
        var kind = declared.Kind switch
        {
            DeclaredKind.Numerical => evidence.AllWhole && declared.DecimalPlaces is null or 0 ? ColumnKind.Integer : ColumnKind.Decimal,
            DeclaredKind.DateTime => FormatOf(declared, evidence)?.Kind ?? ColumnKind.DateTime,
            DeclaredKind.Categorical when declared.Order is not null => ColumnKind.Ordinal,
            _ => Enum.Parse<ColumnKind>(declared.Kind.ToString()),
        };
        var column = new ColumnSchema
        {
            Name = declared.Name, Kind = kind, DecimalPlaces = declared.DecimalPlaces, Format = declared.Format, Class = declared.Class, Order = declared.Order,
            Locale = declared.Locale,
        };
        column = Complete(column, evidence);
        return new InferredColumn(declared.Nullable is { } nullable ? column with { Nullable = nullable } : column, $"declared{OfMarks(kind, evidence)}");
    }

    /// <summary>What is said of texts that may be values or not: in numbers and times they can be none. Whoever means them as values can declare so.</summary>
    private static string OfMarks(ColumnKind kind, ColumnEvidence evidence)
    {
        if (kind is not (ColumnKind.Categorical or ColumnKind.Text or ColumnKind.Identifier)) return "";
        var taken = evidence.Codes.NotAvailableIsOne && evidence.Markers is not null ? "; NA is one of the codes, no missing value" : "";
        return evidence.MarkedRows == 0 ? taken : $"{taken}; {string.Join(" and ", evidence.Marks)} in {evidence.MarkedRows} rows read as missing values (missing_markers)";
    }

    /// <summary>What is said of a few texts that keep a column from being one of numbers, durations or amounts.</summary>
    private static string OfWords(string name, ColumnKind kind, ColumnEvidence e)
    {
        if (kind is not (ColumnKind.Categorical or ColumnKind.Text or ColumnKind.Identifier)) return "";
        if (e is { NotNumbers: > 0, PaddedNumbers: 0, BeyondExact: false } && AreFew(e.NotNumberRows))
            return AllBut(e.NotNumberRows, "are numbers");
        if (e.Infinite > 0) return "";

        // What also reads as a time of day is one, unless its name says otherwise.
        if (e.Durations.Usual is { } durations && AreFew(durations.OddRows) && (e.Moments.Usual is null || NameWords.SayDuration(name)))
            return AllBut(durations.OddRows, $"read as {durations.Format.Pattern}");

        return e.Money.Usual is { } money && AreFew(money.OddRows) ? AllBut(money.OddRows, $"read as {money.Format.Pattern}") : "";

        bool AreFew(long rows) => rows * NumbersPerWord <= e.Present;

        string AllBut(long rows, string what) =>
            $"; all but {rows} of {e.Present} values {what}: where the others mean a missing one, list them as missing_markers";
    }

    private static void RefuseNested(string name, ColumnEvidence evidence)
    {
        if (evidence.Nested.Refuses(evidence.Present))
        {
            throw new TableException(
                TableError.NestedValue,
                $"Column '{name}' holds JSON objects or lists. Spread them over columns of their own, or declare the column as ignored, or as text.",
                name);
        }
    }

    /// <summary>The format that a column of moments is in but for a few slips, which are read as missing; null where there are none.</summary>
    private static (MomentFormat Format, long Spoiled)? Slips(ColumnKind kind, ColumnEvidence evidence) =>
        evidence.Moments.Usual is { } usual && kind == usual.Format.Kind && evidence.Distinct > FewCategories ? usual : null;

    private static MomentFormat? FormatOf(ColumnDeclaration declared, ColumnEvidence evidence) =>
        declared.Format is { } text && MomentFormat.TryParse(text, out var format) ? format : evidence.Moments.Format;

    private static ColumnSchema Complete(ColumnSchema column, ColumnEvidence evidence)
    {
        var missing = evidence.Missing + (column.IsNumeric ? evidence.Unknown + evidence.Infinite : 0);
        column = column with { Nullable = missing > 0, MissingMarkers = evidence.Markers };
        if (column is { Kind: ColumnKind.Integer or ColumnKind.Decimal, Format: null } && evidence.Money.Format is { } money)
        {
            return column with { DecimalPlaces = column.Kind == ColumnKind.Integer ? null : money.Places, Format = money.Pattern };
        }

        if (column is { IsNumeric: true, Format: null } && Slips(column.Kind, evidence) is { } slips)
            return column with { Nullable = true, Format = slips.Format.Pattern };
        return column.Kind switch
        {
            ColumnKind.Integer => column with { DecimalPlaces = null, Format = column.Format ?? WholeFormat(evidence) },
            ColumnKind.Decimal => CompleteDecimal(column, evidence),
            ColumnKind.DateTime or ColumnKind.Date or ColumnKind.Time =>
                column with { DecimalPlaces = null, Format = column.Format ?? evidence.Moments.Pattern },
            ColumnKind.Duration => column with { DecimalPlaces = null, Format = column.Format ?? evidence.Durations.Format?.Pattern },
            _ => column with { DecimalPlaces = null, Format = null },
        };
    }

    // 41.0 all the way down is a whole number that went through floating point.
    private static string? WholeFormat(ColumnEvidence evidence) =>
        2 * evidence.WithPoint > evidence.Present - evidence.Unknown - evidence.Infinite ? NumberFormat.Of(1, 1) : null;

    private static ColumnSchema CompleteDecimal(ColumnSchema column, ColumnEvidence evidence)
    {
        var meant = evidence.MostPlaces <= NumberText.MaximumPlaces && WholeDigits(evidence) + evidence.MostPlaces <= NumberText.MaximumPlaces;
        var places = column.DecimalPlaces ?? (meant ? evidence.MostPlaces : null);
        // Either all values have the same digits, as money has, or only one zero is meant when nothing else stands there.
        var least = evidence.LeastPlaces == evidence.MostPlaces && places == evidence.MostPlaces ? evidence.MostPlaces
            : Math.Min(evidence.LeastPlaces, 1);
        return column with { DecimalPlaces = places, Format = column.Format ?? NumberFormat.Of(least, places ?? least) };
    }

    private static int WholeDigits(ColumnEvidence evidence)
    {
        var largest = Math.Max(Math.Abs(evidence.Minimum), Math.Abs(evidence.Maximum));
        return double.IsFinite(largest) && largest >= 1 ? (int)Math.Floor(Math.Log10(largest)) + 1 : 0;
    }

    private static (ColumnKind Kind, string Reason) InferKind(string name, ColumnEvidence e)
    {
        if (e.Distinct == 0)
        {
            return (ColumnKind.Categorical, "no values at all");
        }

        if (e.Distinct == 2 && BooleanText.IsPair(e.FirstTexts[0], e.FirstTexts[1]))
        {
            return (ColumnKind.Boolean, "two values that mean yes and no");
        }

        if (e.AllNumbers && (!e.BeyondExact || e.WithPoint > 0))
        {
            return InferNumber(name, e);
        }

        // What also reads as a time of day is one, unless its name says otherwise.
        if (e.Durations.Format is { } duration && e.Infinite == 0 && (e.Moments.Format is null || NameWords.SayDuration(name)))
        {
            return (ColumnKind.Duration, $"every value reads as {duration.Pattern}");
        }

        if (e.Moments.Format is { } format && e.Infinite == 0)
        {
            return (format.Kind, $"every value reads as {format.Pattern}");
        }

        if (e.Money.Format is { } money && e.Infinite == 0)
        {
            return KeyInference.Distinct(name, e) is { } why
                ? (ColumnKind.Identifier, why)
                : (money.Places == 0 ? ColumnKind.Integer : ColumnKind.Decimal, $"every value reads as {money.Pattern}");
        }

        if (e.Moments.Usual is { } usual && e.Infinite == 0 && Slips(usual.Format.Kind, e) is not null)
        {
            return (usual.Format.Kind, $"all but {usual.Spoiled} of {e.Present} values read as {usual.Format.Pattern}; those count as missing");
        }

        return InferText(name, e);
    }

    private static (ColumnKind Kind, string Reason) InferNumber(string name, ColumnEvidence e)
    {
        var infinite = e.Infinite > 0 ? $", {e.Infinite} infinite ones read as missing" : "";
        if (!e.AllWhole)
        {
            return (ColumnKind.Decimal, $"every value is a number{infinite}");
        }

        if (KeyInference.OfNumbers(name, e) is { } key)
        {
            return (ColumnKind.Identifier, key);
        }

        return (ColumnKind.Integer, $"every value is a whole number{infinite}");
    }

    private static (ColumnKind Kind, string Reason) InferText(string name, ColumnEvidence e)
    {
        var why = (e.Numbers, e.PaddedNumbers) switch
        {
            _ when e.BeyondExact => "whole numbers too large to calculate with",
            ( > 0, 0) => $"texts, {e.NotNumbers} of {e.Distinct} distinct values are no numbers",
            (_, > 0) when e.NotNumbers == 0 => "codes with zeros or a plus sign in front",
            _ => "texts",
        };
        var share = (double)e.Distinct / e.Present;
        if (e.Present < KeyInference.FewRows)
        {
            return e.Distinct == e.Present && e.Present > 1 && NameWords.SayKey(name) && e.WithSpace == 0
                ? (ColumnKind.Identifier, "distinct in every row, and named like a key")
                : (ColumnKind.Categorical, why);
        }

        if (share > 0.99 && e.WithSpace == 0 && (e.MostBytes <= 64) && (NameWords.SayKey(name) || e.MostBytes - e.LeastBytes <= 2 || e.NotNumbers == 0))
        {
            return (ColumnKind.Identifier, "distinct in (almost) every row and shaped like a key");
        }

        if (KeyInference.Referring(name, e) is { } key)
        {
            return (ColumnKind.Identifier, key);
        }

        var free = e.Distinct > FewCategories && (share > 0.5 || (share > 0.2 && e.TotalBytes > 40 * e.Present));
        return free
            ? (ColumnKind.Text, $"{why}, {share:P0} distinct")
            : (ColumnKind.Categorical, why);
    }
}
