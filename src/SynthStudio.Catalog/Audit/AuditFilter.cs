using System.Text;

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

    /// <summary>Conditions that begin with AND, and their parameters.</summary>
    internal (string Where, (string Name, object? Value)[] Parameters) ToSql(SqlDialect dialect)
    {
        var where = new StringBuilder();
        var parameters = new List<(string, object?)>();
        Equal("actor", Actor);
        Equal("method", Method);
        Equal("outcome", Outcome);
        if (Resource.Length > 0)
        {
            var field = dialect.JsonText("line", "resource");
            where.Append(" AND (").Append(field).Append(" = @resource OR substr(").Append(field).Append(", 1, length(@under)) = @under)");
            parameters.Add(("@resource", Resource));
            parameters.Add(("@under", Resource + "/"));
        }

        if (Since is { } since) Time(">=", "@since", since);
        if (Until is { } until) Time("<", "@until", until);
        return (where.ToString(), [.. parameters]);

        void Equal(string field, string value)
        {
            if (value.Length == 0) return;
            where.Append(" AND ").Append(dialect.JsonText("line", field)).Append(" = @").Append(field);
            parameters.Add(($"@{field}", value));
        }

        void Time(string comparison, string name, DateTimeOffset value)
        {
            where.Append(" AND CAST(").Append(dialect.JsonText("line", "time")).Append(" AS bigint) ").Append(comparison).Append(' ').Append(name);
            parameters.Add((name, value));
        }
    }
}
