using System.ComponentModel.DataAnnotations;

namespace SynthStudio.Hosting;

/// <summary>Where the catalog and the grains are kept; the section <c>SynthStudio:Database</c>.</summary>
public sealed class DatabaseSettings
{
    public const string Sqlite = "sqlite";
    public const string Postgres = "postgres";

    /// <summary><c>sqlite</c>: files in the data folder, for one process. <c>postgres</c>: a database that the processes of a cluster share.</summary>
    [RegularExpression($"{Sqlite}|{Postgres}", ErrorMessage = "must be sqlite or postgres.")]
    public string Provider { get; set; } = Sqlite;

    /// <summary>How to connect to PostgreSQL, in Npgsql's words: <c>Host=db;Database=synthstudio;Username=service;Password=…;SSL Mode=VerifyFull</c>.</summary>
    [DataType(DataType.Password)]
    public string ConnectionString { get; set; } = "";

    internal bool IsPostgres => Provider == Postgres;
}
