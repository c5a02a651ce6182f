namespace SynthStudio.Orchestration;

/// <summary>Owns one generator: its lifecycle, its privacy accountant and its trainings. Key: the generator's resource name.</summary>
[Alias("synthstudio.IGeneratorGrain")]
public interface IGeneratorGrain : IWorkOwnerGrain
{
    /// <summary>Creates the generator. Repeating it with the same definition changes nothing.</summary>
    /// <exception cref="WorkStateException">It exists with another definition, or was deleted.</exception>
    [Alias("Create")]
    Task<GeneratorSnapshot> CreateAsync(GeneratorDefinition definition);

    /// <exception cref="WorkNotFoundException">It was never created, or was deleted.</exception>
    [Alias("Get")]
    Task<GeneratorSnapshot> GetAsync();

    /// <summary>Creates the generator with a model that was trained elsewhere. Repeating it with the same model changes nothing.</summary>
    /// <param name="definition">What the package says of how it was trained; without a data set.</param>
    /// <param name="model">The model package, without signature.</param>
    /// <param name="origin">Where it comes from.</param>
    /// <exception cref="WorkStateException">It exists with another definition or model, or was deleted.</exception>
    [Alias("Import")]
    Task<GeneratorSnapshot> ImportAsync(GeneratorDefinition definition, ObjectRef model, PackageOrigin origin);

    /// <summary>Changes the definition: the display name at any time, everything else only before the first training.</summary>
    /// <param name="definition">As it shall be.</param>
    /// <param name="version">The version that the caller has seen.</param>
    /// <exception cref="WorkChangedException">It has another version now.</exception>
    /// <exception cref="WorkStateException">It was trained, and more than the display name would change.</exception>
    [Alias("Update")]
    Task<GeneratorSnapshot> UpdateAsync(GeneratorDefinition definition, long version);

    /// <summary>
    /// Queues a training under the given job name. One that promises privacy reserves its price in the ledger first. Repeating it with the same
    /// job changes nothing.
    /// </summary>
    /// <param name="job">Resource name of the training's job.</param>
    /// <param name="priority">1 (first) to 5.</param>
    /// <param name="actor">Who asks, for the ledger; empty takes the generator's creator.</param>
    /// <param name="limits">How long it may take; null, as the cluster is set up.</param>
    /// <exception cref="WorkStateException">Another training has not ended.</exception>
    /// <exception cref="BudgetExhaustedException">Its price does not fit into the data set's privacy budget.</exception>
    /// <exception cref="LedgerUnsafeException">The privacy ledger cannot be trusted.</exception>
    [Alias("Train")]
    Task<GeneratorSnapshot> TrainAsync(string job, int priority, string actor = "", WorkLimits? limits = null);

    /// <summary>Gives back what was reserved for trainings that never came to be: a silo died between the reservation and the training.</summary>
    [Alias("ReleaseStrays")]
    Task ReleaseStraysAsync();

    /// <summary>Asks the running training to write a checkpoint and leave.</summary>
    [Alias("Pause")]
    Task<GeneratorSnapshot> PauseAsync();

    /// <summary>Queues a paused training again, from its checkpoint.</summary>
    [Alias("Resume")]
    Task<GeneratorSnapshot> ResumeAsync();

    /// <summary>The generator, also one that was deleted and can be brought back.</summary>
    /// <exception cref="WorkNotFoundException">It was never created, or is gone for good.</exception>
    [Alias("GetAny")]
    Task<GeneratorSnapshot> GetAnyAsync();

    /// <summary>Deletes the generator: it is found no more until <see cref="UndeleteAsync"/> brings it back. Repeating it changes nothing.</summary>
    /// <param name="purgeTime">When it goes for good, unless it is brought back.</param>
    /// <exception cref="WorkStateException">A training has not ended.</exception>
    [Alias("Hide")]
    Task<GeneratorSnapshot> DeleteAsync(DateTimeOffset purgeTime);

    /// <summary>Brings a deleted generator back. Repeating it changes nothing.</summary>
    /// <exception cref="WorkStateException">Its removal has begun.</exception>
    [Alias("Undelete")]
    Task<GeneratorSnapshot> UndeleteAsync();

    /// <summary>Begins to remove a deleted generator for good: from then on it does not come back. May be repeated. False when it is not deleted.</summary>
    [Alias("BeginPurge")]
    Task<bool> BeginPurgeAsync();

    /// <summary>Removes the generator for good, deleted before or not. Its name is not given out again.</summary>
    /// <exception cref="WorkStateException">A training has not ended.</exception>
    [Alias("Delete")]
    Task PurgeAsync();
}
