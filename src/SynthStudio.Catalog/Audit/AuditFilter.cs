using System.Text;
using System.Text.Json;

namespace SynthStudio.Catalog.Audit;

/// <summary>Which entries of a trail are wanted; what is empty does not filter.</summary>
public sealed record AuditFilter
{
    /// <summary>Who, in full.</summary>
    public string Actor { get; init; } = "";

    /// <summary>What, in full.</summary>
    public string Method { get; init; } = "";

    /// <summary>The resource, and all that lies under it.</summary>
    public string Resource { get; init; } = "";

    /// <summary>The outcome, in full.</summary>
    public string Outcome { get; init; } = "";

    public DateTimeOffset? Since { get; init; }

    public DateTimeOffset? Until { get; init; }

    /// <summary>
    /// Conditions that begin with AND, and their parameters. They look for what <see cref="AuditLine.Write(AuditEntry)"/> writes: read as
    /// JSON, one line that somebody spoilt would fail the whole query. In values quotation marks are escaped, so that what begins with one
    /// is a property.
    /// </summary>
    internal (string Where, (string Name, object? Value)[] Parameters) ToSql(SqlDialect dialect)
    {
        var where = new StringBuilder();
        var parameters = new List<(string, object?)>();
        Equal("actor", Actor);
        Equal("method", Method);
        Equal("outcome", Outcome);
        if (Resource.Length > 0)
        {
            where.Append(" AND (").Append(dialect.Holds("line", "@resource")).Append(" OR ").Append(dialect.Holds("line", "@under")).Append(')');
            parameters.Add(("@resource", $"{Begin("resource", Resource)}\""));
            parameters.Add(("@under", Begin("resource", $"{Resource}/")));
        }

        if (Since is { } since) Time(">=", "@since", since);
        if (Until is { } until) Time("<", "@until", until);
        return (where.ToString(), [.. parameters]);

        void Equal(string field, string value)
        {
            if (value.Length == 0) return;
            where.Append(" AND ").Append(dialect.Holds("line", $"@{field}"));
            parameters.Add(($"@{field}", $"{Begin(field, value)}\""));
        }

        void Time(string comparison, string name, DateTimeOffset value)
        {
            where.Append(" AND ").Append(dialect.WrittenNumber("line", "time")).Append(' ').Append(comparison).Append(' ').Append(name);
            parameters.Add((name, value));
        }

        static string Begin(string field, string value) => $"\"{field}\":\"{JsonEncodedText.Encode(value)}";
    }
}
