using Microsoft.EntityFrameworkCore.Metadata;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace SynthStudio.Catalog;

/// <summary>
/// The resources that are listed and edited. Neutral between databases: times are microseconds since 1970 in 64-bit integers, enums are
/// names, structured values are JSON text. The tables are made by versioned scripts (<see cref="CatalogSchema"/>); a test holds script and
/// model together. What every call or the start of the service needs is read without it, by <see cref="Sql"/>: building a model costs a second.
/// </summary>
internal sealed class CatalogContext(DbContextOptions<CatalogContext> options) : DbContext(options)
{
    public DbSet<DatasetRecord> Datasets => Set<DatasetRecord>();

    public DbSet<UploadRecord> Uploads => Set<UploadRecord>();

    public DbSet<GeneratorRow> Generators => Set<GeneratorRow>();

    public DbSet<SyntheticDatasetRecord> SyntheticDatasets => Set<SyntheticDatasetRecord>();

    public DbSet<EvaluationRecord> Evaluations => Set<EvaluationRecord>();

    public DbSet<AnalysisRecord> Analyses => Set<AnalysisRecord>();

    public DbSet<JobRow> Jobs => Set<JobRow>();

    protected override void ConfigureConventions(ModelConfigurationBuilder configurationBuilder)
    {
        configurationBuilder.Properties<DateTimeOffset>().HaveConversion<MicrosecondsConverter>();
        configurationBuilder.Properties<Enum>().HaveConversion<string>();
        configurationBuilder.Properties<ObjectRef>().HaveConversion<JsonColumnConverter<ObjectRef>>();
        configurationBuilder.Properties<WorkError>().HaveConversion<JsonColumnConverter<WorkError>>();
        configurationBuilder.Properties<JobSnapshot>().HaveConversion<JsonColumnConverter<JobSnapshot>>();
        configurationBuilder.Properties<GeneratorSnapshot>().HaveConversion<JsonColumnConverter<GeneratorSnapshot>>();
        Json<IReadOnlyList<PartRef>>();
        Json<IReadOnlyList<string>>();
        Json<IReadOnlyDictionary<string, string?>>();
        Json<IReadOnlyDictionary<string, double>>();

        void Json<T>() where T : class =>
            configurationBuilder.Properties<T>().HaveConversion<JsonColumnConverter<T>, ReferenceComparer<T>>();
    }

    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        modelBuilder.Entity<DatasetRecord>(dataset =>
        {
            Resource(dataset, "datasets");
            dataset.HasIndex(d => d.Line);
            // Who changes a data set may have it from before it was numbered.
            dataset.Property(d => d.Number).Metadata.SetAfterSaveBehavior(PropertySaveBehavior.Ignore);
            Deletable(dataset);
        });
        modelBuilder.Entity<AnalysisRecord>(analysis =>
        {
            Resource(analysis, "analyses");
            analysis.HasIndex(a => a.Dataset);
        });
        modelBuilder.Entity<UploadRecord>(upload =>
        {
            upload.ToTable("uploads").HasKey(u => u.Name);
            upload.HasIndex(u => new { u.Project, u.CreateTime, u.Name });
            upload.HasIndex(u => u.Dataset);
            upload.HasIndex(u => new { u.Project, u.State });
            upload.HasIndex(u => new { u.State, u.ExpireTime });
        });
        modelBuilder.Entity<GeneratorRow>(generator =>
        {
            Resource(generator, "generators");
            generator.HasIndex(g => g.Dataset);
            Deletable(generator);
        });
        modelBuilder.Entity<SyntheticDatasetRecord>(synthetic =>
        {
            Resource(synthetic, "synthetic_datasets");
            synthetic.HasIndex(s => s.Generator);
            Deletable(synthetic);
        });
        modelBuilder.Entity<EvaluationRecord>(evaluation =>
        {
            Resource(evaluation, "evaluations");
            evaluation.HasIndex(e => e.Dataset);
            evaluation.HasIndex(e => e.Holdout);
            evaluation.HasIndex(e => e.SyntheticDataset);
        });
        modelBuilder.Entity<JobRow>(job =>
        {
            Resource(job, "jobs");
            job.HasIndex(j => new { j.Subject, j.CreateTime });
            job.HasIndex(j => j.State);
        });
        foreach (var property in modelBuilder.Model.GetEntityTypes().SelectMany(entity => entity.GetProperties()))
            property.SetColumnName(SnakeCase(property.Name));
    }

    /// <summary>Something with a name inside a project, listed newest first.</summary>
    private static void Resource<T>(EntityTypeBuilder<T> entity, string table) where T : class
    {
        entity.ToTable(table).HasKey("Name");
        entity.HasIndex("Project", "CreateTime", "Name");
        entity.Property<long>("Version").IsConcurrencyToken();
    }

    /// <summary>Something that is hidden when it was deleted.</summary>
    private static void Deletable<T>(EntityTypeBuilder<T> entity) where T : class, IDeletable
    {
        entity.HasQueryFilter(r => r.DeleteTime == null);
        entity.HasIndex(r => r.PurgeTime);
    }

    private static string SnakeCase(string name) =>
        string.Concat(name.Select((c, i) => char.IsUpper(c) ? (i > 0 ? "_" : "") + char.ToLowerInvariant(c) : c.ToString()));
}
