namespace SynthStudio.Tabular;

/// <summary>What the distinct texts of one column come to.</summary>
/// <param name="Profile">For the user.</param>
/// <param name="Schema">What the column was decided to be.</param>
/// <param name="Evidence">What its texts say.</param>
/// <param name="HasUnreadMoments">Whether some text is no date or time of the column's format.</param>
internal sealed record ColumnSummary(ColumnProfile Profile, ColumnSchema Schema, ColumnEvidence Evidence, bool HasUnreadMoments)
{
    /// <exception cref="TableException">The column is of no use as it is.</exception>
    public static ColumnSummary Of(
        string name, TextGroups groups, ColumnDeclaration? declared, ProfileOptions options, CancellationToken cancellation)
    {
        var collector = Collect();
        if (collector.NeedsTrimming)
        {
            groups = groups.Trimmed(cancellation);
            collector = Collect();
        }

        var inferred = collector.Infer();
        ValueCounts? moments = null;
        var hasUnreadMoments = false;
        if (inferred.Schema.IsNumeric && Spellings.Has(inferred.Schema))
        {
            moments = new ValueCounts(options.QuantileValues);
            hasUnreadMoments = !ReadMoments(groups, inferred.Schema, moments, cancellation);
        }

        return new ColumnSummary(collector.Finish(inferred, moments), inferred.Schema, collector.Evidence, hasUnreadMoments);

        ColumnCollector Collect()
        {
            var fresh = new ColumnCollector(name, declared, options);
            fresh.Evidence.AddMissing(groups.Missing);
            groups.Visit(fresh.Add, cancellation);
            fresh.TakeCode();
            return fresh;
        }
    }

    // Whether all texts are moments or missing.
    private static bool ReadMoments(TextGroups groups, ColumnSchema column, ValueCounts moments, CancellationToken cancellation)
    {
        var all = true;
        var (spelling, missing) = (Spellings.Of(column), MissingTexts.Of(column));
        groups.Visit(
            (raw, rows) =>
            {
                var text = NullText.Trim(raw);
                if (missing.IsNull(text) || missing.IsUnknown(text))
                {
                    return;
                }

                if (spelling.TryRead(text, out var seconds))
                {
                    moments.Add(seconds, rows);
                }
                else
                {
                    all = false;
                }
            },
            cancellation);
        return all;
    }
}
