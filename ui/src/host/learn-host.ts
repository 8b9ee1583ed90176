import type { Course } from '../bindings/Course';
import type { LessonAnswer } from '../bindings/LessonAnswer';
import type { LessonState } from '../bindings/LessonState';
import type { OpenLesson } from '../bindings/OpenLesson';

/** What the page may ask about the course. Right answers come back only once somebody has answered. */
export interface LearnHost {
  /** Every lesson, and how far the person is. */
  course(): Promise<Course>;
  /** A lesson to be worked through; it is begun, unless it was. */
  openLesson(slug: string): Promise<OpenLesson>;
  /** How far it is, now that something has been sent. */
  lookAtLesson(slug: string): Promise<LessonState>;
  /** Answers a question of it, or makes a guess. */
  answer(slug: string, part: string, answer: LessonAnswer): Promise<LessonState>;
  /** Forgets what was done in a lesson; its runs stay. */
  resetLesson(slug: string): Promise<Course>;
  /** Forgets what was done in all of them, and every guess. */
  resetCourse(): Promise<Course>;
}
