using System.Data.Common;

namespace SynthStudio.Catalog;

/// <summary>Evidence packs. They are made and deleted, and never changed.</summary>
public sealed class EvidencePackStore
{
    private const string Columns = "name, project, subject, frameworks, number, facts_sha256, summary, files, creator, create_time";

    private readonly DbDataSource _database;

    internal EvidencePackStore(DbDataSource database) => _database = database;

    /// <summary>The pack of this name; null when there is none.</summary>
    public async Task<EvidencePackRecord?> FindAsync(string name, CancellationToken cancellation = default) =>
        (await _database.ReadAsync($"SELECT {Columns} FROM evidence_packs WHERE name = @name", Map, cancellation, ("@name", name))).FirstOrDefault();

    /// <summary>The packs of a project, newest first.</summary>
    public Task<Page<EvidencePackRecord>> ListAsync(string project, PageRequest page, CancellationToken cancellation = default) =>
        _database.ReadPageAsync($"SELECT {Columns} FROM evidence_packs WHERE project = @project AND {Sql.PageClause}", Map, page, cancellation, ("@project", project));

    /// <summary>The next number of packs about a project, or something in it. One that is not used is not given out again.</summary>
    /// <param name="project">The project.</param>
    /// <param name="subject">What they are about; empty for the whole project.</param>
    /// <param name="cancellation">Stops the call.</param>
    public async Task<int> NextNumberAsync(string project, string subject, CancellationToken cancellation = default) => (await _database.ReadAsync(
        """
        INSERT INTO evidence_numbers (project, subject, number) VALUES (@project, @subject, 1)
        ON CONFLICT (project, subject) DO UPDATE SET number = evidence_numbers.number + 1 RETURNING number
        """,
        row => row.GetInt32(0), cancellation, ("@project", project), ("@subject", subject))).Single();

    /// <summary>Keeps a pack unless its project has as many as it may have.</summary>
    /// <returns>Whether there was room.</returns>
    /// <exception cref="AlreadyExistsException">The name is taken.</exception>
    public async Task<bool> TryCreateAsync(EvidencePackRecord pack, int most, CancellationToken cancellation = default)
    {
        try
        {
            return await ProjectStore.TryAddAsync(
                _database, pack.Project,
                $"""
                INSERT INTO evidence_packs ({Columns})
                SELECT @name, @project, @subject, @frameworks, @number, @facts, @summary, @files, @creator, @created
                WHERE (SELECT count(*) FROM evidence_packs WHERE project = @project) < @most
                """,
                connection => ArrivalStore.NoteAsync(
                    connection, ArrivalSource.EvidencePack, $"{pack.Name} {Microseconds.From(pack.CreateTime)}", pack.Project, pack.Files.Values.Sum(file => file.Size),
                    pack.CreateTime, cancellation),
                cancellation, ("@name", pack.Name), ("@project", pack.Project), ("@subject", pack.Subject), ("@frameworks", CatalogJson.Write(pack.Frameworks)),
                ("@number", pack.Number), ("@facts", pack.FactsSha256), ("@summary", CatalogJson.Write(pack.Summary)), ("@files", CatalogJson.Write(pack.Files)),
                ("@creator", pack.Creator), ("@created", Microseconds.From(pack.CreateTime)), ("@most", most));
        }
        catch (DbException e) when (SqlErrors.IsUniqueViolation(e))
        {
            throw new AlreadyExistsException(pack.Name, e);
        }
    }

    /// <summary>Deletes a pack. False when there is none.</summary>
    public async Task<bool> DeleteAsync(string name, CancellationToken cancellation = default) =>
        await _database.ExecuteAsync("DELETE FROM evidence_packs WHERE name = @name", cancellation, ("@name", name)) > 0;

    private static EvidencePackRecord Map(DbDataReader row) => new()
    {
        Name = row.GetString(0),
        Project = row.GetString(1),
        Subject = row.GetString(2),
        Frameworks = CatalogJson.Read<IReadOnlyList<string>>(row.GetString(3)),
        Number = row.GetInt32(4),
        FactsSha256 = row.GetString(5),
        Summary = CatalogJson.Read<IReadOnlyDictionary<string, int>>(row.GetString(6)),
        Files = CatalogJson.Read<IReadOnlyDictionary<string, ObjectRef>>(row.GetString(7)),
        Creator = row.GetString(8),
        CreateTime = row.GetTime(9),
    };
}
