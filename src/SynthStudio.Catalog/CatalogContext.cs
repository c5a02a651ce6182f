using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace SynthStudio.Catalog;

/// <summary>
/// The catalog's tables. Neutral between databases: times are microseconds since 1970 in 64-bit integers, enums are names,
/// structured values are JSON text. The tables themselves are made by versioned scripts (<see cref="CatalogSchema"/>); a test
/// holds script and model together.
/// </summary>
internal sealed class CatalogContext(DbContextOptions<CatalogContext> options) : DbContext(options)
{
    public DbSet<UserRecord> Users => Set<UserRecord>();

    public DbSet<ApiKeyRecord> ApiKeys => Set<ApiKeyRecord>();

    public DbSet<SigningKeyRecord> SigningKeys => Set<SigningKeyRecord>();

    public DbSet<ProjectRecord> Projects => Set<ProjectRecord>();

    public DbSet<ProjectMemberRecord> Members => Set<ProjectMemberRecord>();

    public DbSet<DatasetRecord> Datasets => Set<DatasetRecord>();

    public DbSet<UploadRecord> Uploads => Set<UploadRecord>();

    public DbSet<GeneratorRow> Generators => Set<GeneratorRow>();

    public DbSet<SyntheticDatasetRecord> SyntheticDatasets => Set<SyntheticDatasetRecord>();

    public DbSet<EvaluationRecord> Evaluations => Set<EvaluationRecord>();

    public DbSet<JobRow> Jobs => Set<JobRow>();

    public DbSet<ProgressRow> Progress => Set<ProgressRow>();

    public DbSet<QueueRow> Queue => Set<QueueRow>();

    public DbSet<RequestRow> Requests => Set<RequestRow>();

    protected override void ConfigureConventions(ModelConfigurationBuilder configurationBuilder)
    {
        configurationBuilder.Properties<DateTimeOffset>().HaveConversion<MicrosecondsConverter>();
        configurationBuilder.Properties<Enum>().HaveConversion<string>();
        configurationBuilder.Properties<ObjectRef>().HaveConversion<JsonColumnConverter<ObjectRef>>();
        configurationBuilder.Properties<WorkError>().HaveConversion<JsonColumnConverter<WorkError>>();
        configurationBuilder.Properties<JobSnapshot>().HaveConversion<JsonColumnConverter<JobSnapshot>>();
        configurationBuilder.Properties<GeneratorSnapshot>().HaveConversion<JsonColumnConverter<GeneratorSnapshot>>();
        Json<IReadOnlyList<string>>();
        Json<IReadOnlyList<PartRef>>();
        Json<IReadOnlyDictionary<string, string?>>();
        Json<IReadOnlyDictionary<string, double>>();

        void Json<T>() where T : class =>
            configurationBuilder.Properties<T>().HaveConversion<JsonColumnConverter<T>, ReferenceComparer<T>>();
    }

    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        modelBuilder.Entity<UserRecord>(user => Table(user, "users").HasKey(u => u.Name));
        modelBuilder.Entity<ApiKeyRecord>(key =>
        {
            Table(key, "api_keys").HasKey(k => k.Id);
            key.HasIndex(k => k.Owner);
            key.HasOne<UserRecord>().WithMany().HasForeignKey(k => k.Owner);
        });
        modelBuilder.Entity<SigningKeyRecord>(key => Table(key, "signing_keys").HasKey(k => k.Id));
        modelBuilder.Entity<ProjectRecord>(project =>
        {
            Table(project, "projects").HasKey(p => p.Name);
            project.HasIndex(p => new { p.CreateTime, p.Name });
        });
        modelBuilder.Entity<ProjectMemberRecord>(member =>
        {
            Table(member, "project_members").HasKey(m => new { m.Project, m.User });
            member.HasIndex(m => m.User);
            member.HasOne<ProjectRecord>().WithMany().HasForeignKey(m => m.Project);
            member.HasOne<UserRecord>().WithMany().HasForeignKey(m => m.User);
        });
        modelBuilder.Entity<DatasetRecord>(dataset => Resource(dataset, "datasets"));
        modelBuilder.Entity<UploadRecord>(upload =>
        {
            Table(upload, "uploads").HasKey(u => u.Name);
            upload.HasIndex(u => u.Dataset);
            upload.HasIndex(u => new { u.State, u.ExpireTime });
        });
        modelBuilder.Entity<GeneratorRow>(generator =>
        {
            Resource(generator, "generators");
            generator.HasIndex(g => g.Dataset);
        });
        modelBuilder.Entity<SyntheticDatasetRecord>(synthetic =>
        {
            Resource(synthetic, "synthetic_datasets");
            synthetic.HasIndex(s => s.Generator);
        });
        modelBuilder.Entity<EvaluationRecord>(evaluation =>
        {
            Resource(evaluation, "evaluations");
            evaluation.HasIndex(e => e.SyntheticDataset);
        });
        modelBuilder.Entity<JobRow>(job =>
        {
            Resource(job, "jobs");
            job.HasIndex(j => new { j.Subject, j.CreateTime });
            job.HasIndex(j => j.State);
        });
        modelBuilder.Entity<ProgressRow>(progress => Table(progress, "progress_events").HasKey(p => new { p.Job, p.Sequence }));
        modelBuilder.Entity<QueueRow>(item => Table(item, "work_queue").HasKey(q => q.Job));
        modelBuilder.Entity<RequestRow>(request =>
        {
            Table(request, "request_ids").HasKey(r => new { r.Principal, r.Method, r.RequestId });
            request.HasIndex(r => r.Time);
        });
        foreach (var property in modelBuilder.Model.GetEntityTypes().SelectMany(entity => entity.GetProperties()))
            property.SetColumnName(SnakeCase(property.Name));
    }

    private static EntityTypeBuilder<T> Table<T>(EntityTypeBuilder<T> entity, string name) where T : class => entity.ToTable(name);

    /// <summary>Something with a name inside a project, listed newest first.</summary>
    private static void Resource<T>(EntityTypeBuilder<T> entity, string table) where T : class
    {
        entity.ToTable(table).HasKey("Name");
        entity.HasIndex("Project", "CreateTime", "Name");
        entity.Property<long>("Version").IsConcurrencyToken();
    }

    private static string SnakeCase(string name) =>
        string.Concat(name.Select((c, i) => char.IsUpper(c) ? (i > 0 ? "_" : "") + char.ToLowerInvariant(c) : c.ToString()));
}
