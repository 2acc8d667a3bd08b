// SPDX-License-Identifier: Apache-2.0
using AccelModel.Specification;
using Cli.Devices;
using Cli.Experiments;

namespace Cli.Sweeps.Units;

/// <summary>A point, where its network comes from, and where its result is kept.</summary>
/// <param name="Point">The point.</param>
/// <param name="Source">The network.</param>
/// <param name="Key">What the result depends on, as a hash.</param>
public sealed record ValueJob(GridPoint Point, PointSource Source, string Key)
{
    /// <summary>The result, once it is known.</summary>
    public PointResult? Result { get; set; }
}

/// <summary>Finds what the points of a sweep have in common: images by data set, networks by what they depend on.</summary>
/// <param name="images">The images of a data set, by its name.</param>
public sealed class ValueJobs(Func<string, NnTrain.Training.ImageSets> images)
{
    private readonly TrainingImagesByName _images = new(images);
    private readonly Dictionary<string, PointSource> _sources = [];

    /// <summary>Distinct trainings of the points so far.</summary>
    public int Trainings => _sources.Values.OfType<TrainedPointSource>().Select(source => TrainingCache.KeyOf(source.Source, source.Images)).Distinct().Count();

    /// <summary>The jobs of those points that have an experiment.</summary>
    /// <param name="points">The points.</param>
    /// <param name="epochs">Epochs of the quantised phase after which trainings halt; null for all.</param>
    public List<ValueJob> Of(IEnumerable<GridPoint> points, int? epochs = null)
    {
        List<ValueJob> jobs = [];
        foreach (GridPoint point in points.Where(point => point.Experiment is not null))
        {
            ExperimentSpec experiment = point.Experiment!;
            int? halt = TrainingCache.Halt(experiment.Trained, epochs);
            string identity = SpecHash.Of(new object?[] { experiment.Trained, experiment.Stored, halt });
            if (!_sources.TryGetValue(identity, out PointSource? source))
            {
                source = experiment.Stored is StoredSource stored
                    ? new StoredPointSource(stored)
                    : new TrainedPointSource(experiment.Trained!, _images.Of(experiment.Trained!.Dataset), halt);
                _sources.Add(identity, source);
            }

            jobs.Add(new(point, source, SpecHash.Of(new object[] { source.Key, experiment.Accelerator, experiment.TestImages, DesignArea.Identity })));
        }

        return jobs;
    }
}
