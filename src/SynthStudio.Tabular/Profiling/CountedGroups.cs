namespace SynthStudio.Tabular;

/// <summary>Groups of a small table, counted in memory while it is read once: nothing is stored, and thousands of columns cost little.</summary>
internal sealed class CountedGroups : IColumnGroups
{
    private readonly Counter[] columns;

    private CountedGroups(int columns) => this.columns = [.. Enumerable.Range(0, columns).Select(_ => new Counter())];

    public long Rows { get; private set; }

    public static CountedGroups Read(TableSource source, long? maximumRows, CancellationToken cancellation)
    {
        var groups = new CountedGroups(source.Names.Count);
        foreach (var chunk in source.Query(source.Relation.Select(Enumerable.Range(0, source.Names.Count), maximumRows), cancellation))
        {
            for (var column = 0; column < groups.columns.Length; column++)
            {
                groups.columns[column].Add(chunk.Column(column), chunk.Rows);
            }

            groups.Rows += chunk.Rows;
        }

        return groups;
    }

    public void Visit(int column, bool trimmed, GroupVisitor visitor, CancellationToken cancellation)
    {
        var counter = trimmed ? columns[column].Trimmed() : columns[column];
        counter.Visit(visitor);
    }

    private sealed class Counter
    {
        private readonly TextDictionary texts = new();
        private long[] rows = new long[16];
        private long missing;

        public void Add(TextVector vector, int count)
        {
            for (var row = 0; row < count; row++)
            {
                if (vector.IsNull(row))
                {
                    missing++;
                }
                else
                {
                    Add(texts.Code(in vector[row]), 1);
                }
            }
        }

        public Counter Trimmed()
        {
            var trimmed = new Counter { missing = missing };
            for (var code = 0; code < texts.Count; code++)
            {
                trimmed.Add(trimmed.texts.Code(NullText.Trim(texts.Bytes(code))), rows[code]);
            }

            return trimmed;
        }

        public void Visit(GroupVisitor visitor)
        {
            for (var code = 0; code < texts.Count; code++)
            {
                visitor(texts.Bytes(code), false, rows[code]);
            }

            if (missing > 0)
            {
                visitor(default, true, missing);
            }
        }

        private void Add(int code, long count)
        {
            if (code >= rows.Length)
            {
                Array.Resize(ref rows, rows.Length * 2);
            }

            rows[code] += count;
        }
    }
}
