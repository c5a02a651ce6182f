using System.Data.Common;

namespace SynthStudio.Catalog.Assistant;

/// <summary>Data sets whose values may be sent to language models.</summary>
public sealed class AssistantConsentStore
{
    private readonly DbDataSource _database;

    internal AssistantConsentStore(DbDataSource database) => _database = database;

    /// <summary>The consent for a data set; null when there is none.</summary>
    public async Task<AssistantConsent?> FindAsync(string dataset, CancellationToken cancellation = default) => (await _database.ReadAsync(
        "SELECT dataset, project, grantor, recipients, grant_time FROM assistant_consents WHERE dataset = @dataset",
        row => new AssistantConsent(
            row.GetString(0), row.GetString(1), row.GetString(2),
            row.GetString(3).Split(' ', StringSplitOptions.RemoveEmptyEntries), row.GetTime(4)),
        cancellation, ("@dataset", dataset))).FirstOrDefault();

    /// <summary>Notes a consent, in the place of an earlier one.</summary>
    public Task SetAsync(AssistantConsent consent, CancellationToken cancellation = default) => _database.ExecuteAsync(
        """
        INSERT INTO assistant_consents (dataset, project, grantor, recipients, grant_time) VALUES (@dataset, @project, @grantor, @recipients, @now)
        ON CONFLICT (dataset) DO UPDATE SET grantor = excluded.grantor, recipients = excluded.recipients, grant_time = excluded.grant_time
        """,
        cancellation, ("@dataset", consent.Dataset), ("@project", consent.Project), ("@grantor", consent.Grantor), ("@recipients", string.Join(' ', consent.Recipients)),
        ("@now", consent.GrantTime));

    /// <summary>Takes a consent away; there may be none.</summary>
    public Task DeleteAsync(string dataset, CancellationToken cancellation = default) =>
        _database.ExecuteAsync("DELETE FROM assistant_consents WHERE dataset = @dataset", cancellation, ("@dataset", dataset));
}
