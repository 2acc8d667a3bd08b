// SPDX-License-Identifier: Apache-2.0
using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using AccelModel.Specification;
using Cli.Experiments;
using Cli.Sweeps.Storage;
using NnTrain.Specification;
using NnTrain.Training;

namespace Cli.Sweeps;

/// <summary>A training that is finished and kept.</summary>
/// <param name="Network">The network.</param>
/// <param name="Sha256">SHA-256 of its file.</param>
public sealed record CachedTraining(TrainedNetwork Network, string Sha256);

/// <summary>
/// Trains everything once: a training lies in a folder named by what it depends on (images, topology, recipe). The float phase of a recipe is a
/// training of its own, shared by all recipes that begin with it. An interrupted training goes on from its last epoch.
/// </summary>
/// <param name="directory">The cache's folder.</param>
/// <param name="log">Told about damaged files.</param>
public sealed class TrainingCache(string directory, TextWriter log)
{
    private const string FloatName = "float";
    private const string ChecksumName = "trained.sha256";
    private const string SecondsName = "seconds.txt";

    /// <summary>Whether it keeps how long a training took, which is no two times the same.</summary>
    public bool KeepsTime { get; init; }

    /// <summary>The name under which a training is kept.</summary>
    public static string KeyOf(TrainedSource source, TrainingImages images) =>
        source.Accelerator is null
            ? SpecHash.Of(new object?[] { images.Sha256, source.Network, Named(source.Training), source.FloatNetwork?.Sha256 })
            : SpecHash.Of(new object?[] { images.Sha256, source.Network, Named(source.Training), source.FloatNetwork?.Sha256, source.Accelerator });

    /// <summary>
    /// The float phase of a recipe as a recipe of its own; null where there is none to share. Recipes for signs train theirs with another activation
    /// function, so they share one of their own.
    /// </summary>
    public static TrainedSource? FloatPart(TrainedSource source) =>
        source is { FloatNetwork: null, Training: { FloatPhase: not null, QuantizedPhase: not null } }
            ? source with { Training = source.Training.FloatPart(), Accelerator = null }
            : null;

    /// <summary>Epochs of the float phase that a training goes through itself, not those that another one did for it.</summary>
    public static int OwnFloatEpochs(TrainedSource source) =>
        source.FloatNetwork is null && FloatPart(source) is null ? source.Training.FloatPhase?.Epochs ?? 0 : 0;

    /// <summary>What has to be trained for <paramref name="wanted"/>, each training once and in order: a float phase before the recipe that goes on from it.</summary>
    /// <param name="wanted">The trainings.</param>
    /// <param name="epochs">Epochs of the quantised phase after which they halt; null for all.</param>
    public IReadOnlyList<(TrainedSource Source, TrainingImages Images)> Missing(IEnumerable<(TrainedSource Source, TrainingImages Images)> wanted, int? epochs = null) =>
    [
        .. wanted.Where(item => Find(item.Source, item.Images, Halt(item.Source, epochs)) is null)
            .SelectMany(item => new[] { FloatPart(item.Source), item.Source }.OfType<TrainedSource>().Select(source => (source, item.Images)))
            .DistinctBy(item => KeyOf(item.source, item.Images))
            .Where(item => Find(item.source, item.Images, Halt(item.source, epochs)) is null),
    ];

    /// <summary>After how many epochs a training halts; null where it has no more, or nothing is trained.</summary>
    public static int? Halt(TrainedSource? source, int? epochs) => epochs < source?.Training.QuantizedPhase?.Epochs ? epochs : null;

    /// <summary>A finished training, or null.</summary>
    /// <param name="source">Topology and recipe.</param>
    /// <param name="images">The images.</param>
    /// <param name="epochs">Epochs of the quantised phase after which it halted; null for all.</param>
    public CachedTraining? Find(TrainedSource source, TrainingImages images, int? epochs = null)
    {
        string folder = ResultOf(source, images, epochs);
        string file = Path.Combine(folder, TrainedNetwork.FileName);
        string checksum = Path.Combine(folder, ChecksumName);
        if (!File.Exists(file) || !File.Exists(checksum))
        {
            return null;
        }

        try
        {
            string sha256 = HashOf(file);
            if (File.ReadAllText(checksum).Trim() == sha256)
            {
                return new(TrainedNetwork.Load(folder), sha256);
            }
        }
        catch (TrainingFileException)
        {
            // Told below: a network that cannot be read is trained again like one that was changed.
        }

        log.WriteLine($"{file}: damaged, trained again");
        File.Delete(checksum);
        return null;
    }

    /// <summary>Trains, or takes what is kept.</summary>
    /// <param name="source">Topology and recipe.</param>
    /// <param name="images">The images.</param>
    /// <param name="progress">Asked, by its key, for a listener of each training that is begun.</param>
    /// <param name="cancellation">Stops between two batches; finished epochs are kept.</param>
    /// <param name="epochs">Epochs of the quantised phase after which it halts, to go on from there another time; null for all.</param>
    /// <exception cref="TrainingDivergedException">A number is not finite.</exception>
    /// <exception cref="ArgumentException">The images do not fit the network.</exception>
    public CachedTraining Get(
        TrainedSource source, TrainingImages images, Func<string, IProgress<TrainingProgress>?>? progress = null, CancellationToken cancellation = default, int? epochs = null)
    {
        if (Find(source, images, epochs) is CachedTraining found)
        {
            return found;
        }

        TrainedSource? floatPart = FloatPart(source);
        var plan = new TrainingPlan
        {
            Network = source.Network,
            Recipe = Named(source.Training),
            Directory = FolderOf(source, images),
            FloatNetwork = floatPart is null ? source.FloatNetwork?.Network : Get(floatPart, images, progress, cancellation).Network,
            Accelerator = source.Accelerator,
        };
        Directory.CreateDirectory(plan.Directory);
        using FolderLock held = FolderLock.Wait(plan.Directory, log, cancellation);
        if (Find(source, images, epochs) is CachedTraining meanwhile)
        {
            return meanwhile;
        }

        TrainedNetwork trained = Train(plan, images, epochs, progress?.Invoke(KeyOf(source, images)), cancellation);
        string folder = ResultOf(source, images, epochs);
        trained.Save(folder);
        string sha256 = HashOf(Path.Combine(folder, TrainedNetwork.FileName));
        AtomicFile.Write(Path.Combine(folder, ChecksumName), sha256 + "\n");
        return new(trained, sha256);
    }

    /// <summary>
    /// How long a training took by the clock, in seconds, over all that went on with it, without the float phase that others share; null where that was not kept. What a kill cut off is not in it.
    /// </summary>
    public double? SecondsOf(TrainedSource source, TrainingImages images) => SecondsIn(FolderOf(source, images));

    private static double? SecondsIn(string folder) =>
        Path.Combine(folder, SecondsName) is string file && File.Exists(file) && double.TryParse(File.ReadAllText(file), NumberStyles.Float, CultureInfo.InvariantCulture, out double seconds) ? seconds : null;

    private TrainedNetwork Train(TrainingPlan plan, TrainingImages images, int? epochs, IProgress<TrainingProgress>? progress, CancellationToken cancellation)
    {
        if (!KeepsTime)
        {
            return TrainOn(plan, images, epochs, progress, cancellation);
        }

        // Epochs of which nobody knows how long they took make the sum unknown.
        bool begun = Directory.EnumerateDirectories(plan.Directory).Any();
        double? before = begun ? SecondsIn(plan.Directory) : 0;
        var watch = Stopwatch.StartNew();
        try
        {
            return TrainOn(plan, images, epochs, progress, cancellation);
        }
        finally
        {
            if (before is double seconds)
            {
                AtomicFile.Write(Path.Combine(plan.Directory, SecondsName), FormattableString.Invariant($"{seconds + watch.Elapsed.TotalSeconds:0.0000}\n"));
            }
        }
    }

    private TrainedNetwork TrainOn(TrainingPlan plan, TrainingImages images, int? epochs, IProgress<TrainingProgress>? progress, CancellationToken cancellation)
    {
        try
        {
            return Trainer.Train(plan, images.Sets, progress, cancellation, resume: true, epochs);
        }
        catch (TrainingFileException exception)
        {
            // Damaged, or made with another tensor library: either way its epochs are lost.
            log.WriteLine($"{exception.Message}; trained again from the start");
            return Trainer.Train(plan, images.Sets, progress, cancellation, resume: false, epochs);
        }
    }

    /// <summary>A recipe in floating point only is the same whatever it is called: it may have begun as a part of another.</summary>
    private static TrainingSpec Named(TrainingSpec recipe) => recipe.QuantizedPhase is null ? recipe with { Name = FloatName } : recipe;

    private string FolderOf(TrainedSource source, TrainingImages images) => Path.Combine(directory, "train-" + KeyOf(source, images));

    private string ResultOf(TrainedSource source, TrainingImages images, int? epochs) =>
        epochs is int some ? Path.Combine(FolderOf(source, images), string.Create(CultureInfo.InvariantCulture, $"epochs-{some:000}")) : FolderOf(source, images);

    private static string HashOf(string file)
    {
        using FileStream stream = File.OpenRead(file);
        return Convert.ToHexStringLower(SHA256.HashData(stream));
    }
}
