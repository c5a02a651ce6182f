using System.Data.Common;
using Microsoft.Extensions.Options;
using Orleans.Configuration;
using Orleans.Serialization;
using Orleans.Storage;
using SynthStudio.Orchestration;

namespace SynthStudio.Hosting;

internal static class GrainDatabase
{
    /// <summary>Keeps grains and reminders in a database of either kind.</summary>
    /// <param name="silo">The silo.</param>
    /// <param name="invariant">How Orleans calls the kind.</param>
    /// <param name="source">The pool.</param>
    public static void UseGrainDatabase(this ISiloBuilder silo, string invariant, DbDataSource source)
    {
        silo.AddAdoNetGrainStorage(OrchestrationOptions.StorageName, (OptionsBuilder<AdoNetGrainStorageOptions> storage) =>
            storage.Configure<Serializer>((settings, serializer) =>
            {
                settings.Invariant = invariant;
                settings.DataSource = source;
                settings.GrainStorageSerializer = new OrleansGrainStorageSerializer(serializer);
            }));
        silo.UseAdoNetReminderService(reminders =>
        {
            reminders.Invariant = invariant;
            reminders.DataSource = source;
        });
    }
}
